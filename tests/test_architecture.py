"""What a worker that serves respondents never loads, whatever the imports say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "numpy", "matplotlib", "typst", "xlsxwriter")

FLOW = """
import sys
from pathlib import Path
from survey.tables import metadata
from tests.world import OFFICES, make_world
from tests.survey.walks import MIDDLE, hand_in

folder = Path(sys.argv[1])
world = make_world(f"sqlite:///{folder}/worker.sqlite", folder)
world.add_units(OFFICES)
world.add_wave()
assert hand_in(world, world.handles[0], MIDDLE).heading == "Ihr Ergebnis"
world.close()
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_a_respondents_worker_loads_nothing_heavy(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", FLOW, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    loaded = set(answer.stdout.split())
    assert {"flask", "sqlalchemy", "survey", "forms"} <= loaded
    assert not loaded.intersection(HEAVY)
