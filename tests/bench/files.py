"""Ratio 8: files of a hundred thousand answers, each beside the bare library that writes it.

Both get the same rows from memory, made up beforehand, so that only the writing is compared. The
bare writers get every cell ready and write it with the call their manuals show first.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.evaluation.sections import Evaluation
from analysis.exports import AnswerTable, Sheet, answers_csv
from analysis.files.codebook import codebook
from analysis.files.workbook import workbook
from forms.definition import Questionnaire
from forms.loader import available, load
from forms.path import visible_answers
from forms.texts import in_language
from survey.sample import made_up_sheet
from survey.standing import Standing
from tests.bench.measure import Row, interleaved, median
from tests.bench.ratios import MEGABYTE, Bench

SHEETS, QUICK_SHEETS = 100_000, 20_000
A_MILLION = 1_000_000
MOST_MEGABYTES = 60


def files_beside_bare(bench: Bench) -> list[Row]:
    """CSV and XLSX of the answers ÷ csv.writer and XlsxWriter; memory of the latter."""
    number = SHEETS if bench.stored >= A_MILLION else QUICK_SHEETS
    answers = made_up_answers(number)
    rows = list(answers.rows())
    return [
        _compared(bench, f"8  CSV of {number:,} answers ÷ bare csv.writer", answers,
                  write_csv, lambda path: bare_csv(rows, path)),
        _compared(bench, f"8  XLSX of {number:,} answers ÷ bare XlsxWriter", answers,
                  write_xlsx, lambda path: bare_xlsx(rows, path)),
        *_memory(bench, number),
    ]  # fmt: skip


def _compared(
    bench: Bench,
    name: str,
    answers: AnswerTable,
    ours: Callable[[AnswerTable, Path], None],
    bare: Callable[[Path], None],
) -> Row:
    paths = bench.folder / "answers", bench.folder / "bare"
    pairs = interleaved(
        bench.pairs,
        lambda: _seconds(lambda: ours(answers, paths[0])),
        lambda: _seconds(lambda: bare(paths[1])),
    )
    sizes = [path.stat().st_size for path in paths]
    note = bench.note(
        f"{median([a for a, _ in pairs]):.2f} s and {median([b for _, b in pairs]):.2f} s",
        f"{sizes[0]:,} and {sizes[1]:,} bytes",
    )
    return Row(name, [theirs / own for own, theirs in pairs], 0.8, False, note)


def _seconds(write: Callable[[], None]) -> float:
    began = time.perf_counter()
    write()
    return time.perf_counter() - began


def _memory(bench: Bench, number: int) -> list[Row]:
    """What writing adds to the most memory a process of its own has used, CSV and XLSX."""
    grown = [_grown(bench.folder, kind, number) for kind in WRITERS]
    few = [_grown(bench.folder, kind, number // 10) for kind in WRITERS]
    return [
        Row(f"8  memory while writing {kind}, MB", [most], MOST_MEGABYTES, True,
            bench.note(f"{least:.1f} MB for a tenth of the answers"), "{:.1f}")
        for kind, most, least in zip(WRITERS, grown, few, strict=True)
    ]  # fmt: skip


def _grown(folder: Path, kind: str, number: int) -> float:
    command = [sys.executable, "-m", "tests.bench.files", kind, str(number), str(folder / kind)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def write_csv(answers: AnswerTable, path: Path) -> None:
    """The answers as the service writes them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for piece in answers_csv(answers.questionnaire, answers.sheets(), for_excel=False):
            file.write(piece)


def bare_csv(rows: list[list[Any]], path: Path) -> None:
    """Ready rows through csv.writer."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def write_xlsx(answers: AnswerTable, path: Path) -> None:
    """The workbook as the service writes it, with codebook and notes but no analyses."""
    empty = Evaluation(
        *("bench", "Messung", "Musterstadt", (), (), (), "internal", "Intern", True, "de", 1),
        *(date(2026, 5, 2), date(2026, 4, 30)),
    )
    book = codebook(in_language(answers.questionnaire, "de", {}))
    with path.open("wb") as file:
        workbook(empty, book, answers, file)


def bare_xlsx(rows: list[list[Any]], path: Path) -> None:
    """Ready rows through `write_row`, one at a time in memory."""
    options = {"constant_memory": True, "remove_timezone": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


WRITERS = {"CSV": write_csv, "XLSX": write_xlsx}


def made_up_answers(number: int) -> AnswerTable:
    """So many sheets of the Selbstcheck, held in memory; the same every time."""
    questionnaire = load(available()["selbstcheck-2025"])
    sheets = list(made_up_sheets(questionnaire, number))
    return AnswerTable(questionnaire, lambda: sheets)


def made_up_sheets(questionnaire: Questionnaire, number: int) -> Iterator[Sheet]:
    """Sheets one after the other: every unit another, a thousand different sets of answers."""
    chance = random.Random(8)
    filled = [
        visible_answers(questionnaire, made_up_sheet(questionnaire, chance, 3)) for _ in range(1000)
    ]
    nothing: dict[str, Any] = {field.name: None for field in fields(Standing)}
    for unit in range(number):
        points = {category.id: chance.randint(3, 15) for category in questionnaire.categories}
        facts = {
            "unit_code": str(unit),
            "unit_name": f"Amt {unit} Musterstadt",
            "unit_kind": "amt",
            "parent_name": f"Geschäftsbereich {unit % 8}",
            "submitted": datetime(2026, 4, 1 + unit % 28, unit % 24, unit % 60, tzinfo=UTC),
            "version": 1,
            "category_points": points,
            "points": sum(points.values()),
            "possible": 40,
            "band": "yellow",
        }
        yield Standing(**nothing | facts), filled[unit % len(filled)]


def _most_memory() -> float:
    """Megabytes at this process's peak; `ru_maxrss` would remember those of its parent."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(peak) * 1024 / MEGABYTE


def _measure(kind: str, number: int, path: Path) -> None:
    """Print by how many megabytes writing so many answers, made on the way, raises the peak."""
    questionnaire = load(available()["selbstcheck-2025"])
    WRITERS[kind](AnswerTable(questionnaire, lambda: made_up_sheets(questionnaire, 1)), path)
    before = _most_memory()
    answers = AnswerTable(questionnaire, lambda: made_up_sheets(questionnaire, number))
    WRITERS[kind](answers, path)
    print(f"{_most_memory() - before:.2f}")


if __name__ == "__main__":
    _measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
