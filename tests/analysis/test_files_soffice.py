"""LibreOffice opens every workbook: nothing is computed, nothing lost, every page prints."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.files.tables import tables_csv
from tests.analysis.files_answers import LONG, PAYLOADS, hostile, malicious, sheets, table, xlsx
from tests.analysis.specimen import specimen

pytestmark = pytest.mark.slow
EVERY_SHEET = "44,34,76,1,,0,false,true,false,false,false,-1"
"""Filter options of LibreOffice: commas, quotes, UTF-8, texts as they are, a file a sheet."""


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of workbooks and what LibreOffice made of them."""
    folder = tmp_path_factory.mktemp("soffice")
    workbooks = {
        "empty": xlsx(specimen(0), table([])),
        "one": xlsx(specimen(1), table(sheets(1))),
        "large": xlsx(specimen(300, long=" lang" * 40), table(sheets(300))),
        "hostile": xlsx(malicious(), table(hostile())),
    }
    for name, content in workbooks.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    formula_like = "".join(tables_csv(malicious(), for_excel=False))
    (folder / "tables.csv").write_text(formula_like, encoding="utf-8", newline="")
    books = sorted(folder.glob("*.xlsx"))
    convert(folder, "fods", [*books, folder / "tables.csv"])
    convert(folder, "pdf", books)
    convert(folder, f"csv:Text - txt - csv (StarCalc):{EVERY_SHEET}", books)
    return folder


def convert(folder: Path, kind: str, files: list[Path]) -> None:
    """Have LibreOffice write the files anew, with a profile of its own."""
    program = shutil.which("soffice")
    assert program, "LibreOffice (soffice) is needed for this test"
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    done = subprocess.run(
        [*command, "--convert-to", kind, "--outdir", folder, *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["empty", "one", "large", "hostile", "tables"])
def test_there_is_no_formula(converted: Path, name: str) -> None:
    document = (converted / f"{name}.fods").read_text(encoding="utf-8")
    assert "<table:table-cell" in document
    assert "table:formula=" not in document


@pytest.mark.parametrize("name", ["empty", "one", "large", "hostile"])
def test_it_prints(converted: Path, name: str) -> None:
    pdf = (converted / f"{name}.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000


def test_every_answer_is_shown_as_it_was_given(converted: Path) -> None:
    with (converted / "hostile-Antworten.csv").open(encoding="utf-8", newline="") as file:
        [_marking, head, *rows] = csv.reader(file)
    shown = [row[head.index("unit_name")] for row in rows]
    assert len(shown) == len(PAYLOADS)
    for text, payload in zip(shown, PAYLOADS, strict=True):
        if payload not in LONG:
            assert visible(text) == visible(payload)


def visible(text: str) -> str:
    """A text less what a spreadsheet program does not draw, and with one kind of line end."""
    rich = f"'{text}" if text.startswith("<r>") and text.endswith("</r>") else text
    return "".join(c for c in rich if c.isprintable() or c == "\n").replace("\n", "")
