"""Row 14: from everything released of a city, no cell of 1 to 4 sheets can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from analysis.disclosure import ReleasedDistribution
from analysis.rated import RatedGroup
from tests.harness.hidden_entries import SMALL, entry_cells
from tests.harness.lp_attacker import found_out
from tests.harness.population import PaperWave, population
from tests.harness.publishing import Published, publish
from tests.harness.unknowns import Reader


@dataclass
class Verdict:
    """What was attacked, and what was found."""

    populations: int = 0
    waves: int = 0
    releases: int = 0
    refused: int = 0
    systems: int = 0
    small_cells: int = 0
    findings: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        """Put two verdicts together."""
        self.populations += other.populations
        self.waves += other.waves
        self.releases += other.releases
        self.refused += other.refused
        self.systems += other.systems
        self.small_cells += other.small_cells
        self.findings += other.findings

    def __str__(self) -> str:
        return (
            f"{self.populations} populations, {self.waves} waves, {self.releases} releases and "
            f"{self.refused} refused or the same, {self.systems} systems, "
            f"{self.small_cells} small cells, {len(self.findings)} findings"
        )


def attack(numbers: Sequence[int], seed: int) -> Verdict:
    """Release the populations of these numbers and attack each; repeatable by the seed."""
    verdict = Verdict()
    for number in numbers:
        verdict.populations += 1
        for paper in population(Random(f"{seed} {number}")):
            shown = publish(paper)
            verdict.waves += 1
            verdict.releases += len(shown)
            verdict.refused += len(paper.revisions) - len(shown)
            for name in _findings(paper, shown, verdict):
                verdict.findings.append(f"seed {seed}, population {number}, {paper.year}: {name}")
    return verdict


def _findings(paper: PaperWave, shown: Sequence[Published], verdict: Verdict) -> Iterator[str]:
    for at, each in enumerate(shown):
        yield from (f"release {at}: {name}" for name in _small_numbers(each))
    for unknowns in Reader(paper, shown).systems():
        verdict.systems += 1
        verdict.small_cells += len(unknowns.small_sums())
        for found in found_out(unknowns):
            yield f"{found.name} is {found.value}"


def _small_numbers(published: Published) -> Iterator[str]:
    """Numbers that must not stand there at all."""
    for group in published.returns:
        if group.sheets in SMALL:
            yield f"{group.title} has {group.sheets} sheets"
    for rated in published.ratings:
        for name, given in _distributions(rated):
            numbers = {**(given.counts or {}), "n": given.n, "unknown": given.unknown}
            yield from (f"{name}: {k} = {v}" for k, v in numbers.items() if v in SMALL)
    if published.entries:
        _counts, sources = entry_cells(published.entries, published.sheets)
        for line, row in zip(published.entries.lines, sources, strict=True):
            for number, sheets in zip(line.cells, row, strict=True):
                if number is not None and len(sheets) in SMALL:
                    yield f"{line.key}: {number} entries of {len(sheets)} sheets"


def _distributions(group: RatedGroup) -> Iterator[tuple[str, ReleasedDistribution]]:
    for category in group.categories:
        yield f"{group.title}/{category.title}", category.bands
        for each in category.dimensions:
            yield f"{group.title}/{each.question}", each.given
