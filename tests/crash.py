"""`make crash-test`: kill the service again and again and count the answers.

python -m tests.crash --kills 1000 --database both
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.harness.city import KINDS_OF_DATABASE
from tests.harness.crashing import crash_run

PROBLEMS_SHOWN = 20


def main() -> int:
    """Run, print the figures; 1 unless every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="kills per database (100)")
    parser.add_argument("--database", choices=(*KINDS_OF_DATABASE, "both"), default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    kinds = KINDS_OF_DATABASE if chosen.database == "both" else (chosen.database,)
    clean = True
    for kind in kinds:
        started = time.monotonic()
        report = crash_run(kind, chosen.kills, seed=chosen.seed)
        print(f"{report} ({time.monotonic() - started:.0f} s, seed {chosen.seed})", flush=True)
        found = report.verdict
        for line in [*found.lost, *found.double, *found.half, *report.strange][:PROBLEMS_SHOWN]:
            print(f"  {line}")
        clean = clean and report.clean
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
