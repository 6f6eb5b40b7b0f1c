"""The long run of the attack on everything released (row 14): python -m tests.attack"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from time import monotonic

from tests.harness.loose_releases import DEFECTS
from tests.harness.small_groups import Verdict, attack

BATCH = 200


def _attack(numbers: range, seed: int, defect: str) -> Verdict:
    with DEFECTS[defect]() if defect else nullcontext():
        return attack(numbers, seed)


def main() -> int:
    """Attack, print the figures now and then; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    parser.add_argument("--populations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--defect", choices=DEFECTS, default="")
    given = parser.parse_args()
    verdict, begun, told = Verdict(), monotonic(), 0.0
    with ProcessPoolExecutor(given.processes) as pool:
        batches = (
            range(start, min(start + BATCH, given.populations))
            for start in range(0, given.populations, BATCH)
        )
        waiting = [pool.submit(_attack, batch, given.seed, given.defect) for batch in batches]
        for done in as_completed(waiting):
            part = done.result()
            verdict.add(part)
            for finding in part.findings[:5]:
                print(finding, flush=True)
            if monotonic() - begun > told + 60:
                told = monotonic() - begun
                print(f"{told:.0f} s: {verdict}", flush=True)
    seconds = monotonic() - begun
    print(f"{verdict}; {seconds:.0f} s, {verdict.populations / seconds:.1f} populations a second")
    return int(bool(verdict.findings))


if __name__ == "__main__":
    sys.exit(main())
