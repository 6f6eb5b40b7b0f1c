"""Parts of the specimen with names in other languages: what figures are drawn with in tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

from analysis.evaluation.sections import Evaluation, Part
from tests.analysis.specimen import specimen

NAMES = {
    "ar": ("اللغة والتواصل", "المؤسسة والسلطة", "الحساسية الثقافية وصورة الإنسان", "مكتب الشباب"),
    "fa": ("زبان و ارتباط", "سازمان و اداره", "می‌خواهیم ساده و روشن توضیح بدهیم", "اداره جوانان"),
    "prs": ("زبان و ارتباطات", "اداره و تشکیلات", "حساسیت بین فرهنگ‌ها", "ریاست جوانان"),
    "ps": (
        "ژبه او اړیکې",
        "اداره او څانګه",
        "له خلکو سره په ښه ژبه غږېږو",
        "د ځوانانو څانګه ټ ډ ړ ږ ڼ ۍ ئ",
    ),
    "vi": (
        "Ngôn ngữ và giao tiếp",
        "Cơ quan và tổ chức",
        "Sự nhạy cảm về văn hóa",
        "Sở Thanh niên",
    ),
    "uk": (
        "Мова і спілкування",
        "Установа й організація",
        "Міжкультурна чутливість її ґанок",
        "Відділ молоді",
    ),
}
"""Names of categories, statements or offices, in languages whose letters need care."""


def parts(evaluation: Evaluation | None = None) -> dict[str, Part]:
    """Every part of the specimen that has a chart, by its kind."""
    evaluation = evaluation or specimen()
    return {part.chart.kind: part for _section, part in evaluation.parts() if part.chart}


def named(part: Part, language: str) -> Part:
    """A part whose rows, columns and title are named in a language, numbered to be told apart."""
    words = _numbered(language)
    table = replace(
        part.table,
        rows=tuple(replace(row, title=next(words), short="") for row in part.table.rows),
        columns=tuple(replace(c, title=next(words), short="") for c in part.table.columns),
    )
    chart = part.chart and replace(part.chart, title=" – ".join(NAMES[language]))
    return replace(part, table=table, chart=chart)


def _numbered(language: str) -> Iterator[str]:
    for number, name in enumerate(cycle(NAMES[language])):
        yield f"{name} {number:02}"
