"""`make bench`: prints every ratio with median, spread, goal, and what it was measured against."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import click

from survey.catalogues import compile_stale
from tests.bench.barriers import barrier_flows
from tests.bench.evaluations import pages_of_many, tally_beside_rows
from tests.bench.files import files_beside_bare
from tests.bench.in_process import tally_share
from tests.bench.measure import Row
from tests.bench.ratios import (
    Bench,
    crowded_and_stored,
    first_view,
    flow_beside_bare,
    idle_service,
    question_page_beside_bare,
)
from tests.bench.while_working import respondents_beside_worker
from tests.postgres import postgres_server

RATIOS: dict[str, Callable[[Bench], list[Row]]] = {
    "1": flow_beside_bare,
    "3": question_page_beside_bare,
    "4": crowded_and_stored,
    "5": tally_share,
    "6": pages_of_many,
    "7": tally_beside_rows,
    "8": files_beside_bare,
    "9": respondents_beside_worker,
    "10": idle_service,
    "11": first_view,
    "13": barrier_flows,
}


@contextmanager
def _databases(kind: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases of a kind: each call is the address of a new one."""
    if kind == "sqlite":
        numbers = count(1)
        yield lambda: f"sqlite:///{folder}/{next(numbers)}.sqlite"
    else:
        with postgres_server(settings=("max_connections=200",)) as server:
            yield server.create_database


def _chosen(_context: click.Context, _parameter: click.Parameter, given: str) -> list[str]:
    numbers = given.split(",") if given else list(RATIOS)
    unknown = [number for number in numbers if number not in RATIOS]
    if unknown:
        raise click.BadParameter(f"no ratio {', '.join(unknown)}; there are {', '.join(RATIOS)}")
    return numbers


@click.command()
@click.option("--only", default="", callback=_chosen, help="numbers of ratios, as in 1,3")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite")
@click.option("--quick", is_flag=True, help="shorter runs, a tenth of the stored responses")
@click.option("--pairs", default=5, type=click.IntRange(1), help="interleaved pairs of each ratio")
@click.option("--most", default=0, type=click.IntRange(0), help="sheets of ratio 6, as in 10000000")
def main(only: list[str], database: str, quick: bool, pairs: int, most: int) -> None:
    """Measure the ratios of docs/performance.md; the exit status is 1 if one is missed."""
    compile_stale()
    missed = 0
    with (
        tempfile.TemporaryDirectory(prefix="zugangscheck-bench-") as name,
        _databases(database, Path(name)) as new_database,
    ):
        bench = Bench(
            folder=Path(name),
            new_database=new_database,
            pairs=pairs,
            seconds=1.0 if quick else 3.0,
            stored=100_000 if quick else 1_000_000,
            invitations=12_000 if quick else 30_000,
            most=most or (100_000 if quick else 1_000_000),
        )
        for number in only:
            for row in RATIOS[number](bench):
                click.echo(row.text())
                missed += not row.met
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
