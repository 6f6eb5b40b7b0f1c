"""The codebook: what every column of the answers is called, asks and may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.exports import AnswerColumn, ColumnType, asked_by, columns_of
from forms.definition import Option, Question, Questionnaire
from forms.texts import Localised
from survey.locale import desk_gettext as _
from survey.messages import bands

Measure = Literal["nominal", "ordinal", "scale"]

LONGEST_NAME = 64
"""Characters of a variable's name in SPSS; ours are ASCII, so bytes as well."""
RESERVED = frozenset(
    ("ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH")
)
NOT_ASKED = -1
"""Stands in SPSS for a question that was not asked; options without points follow below."""
_MEASURES: dict[ColumnType, Measure] = {
    "text": "nominal",
    "code": "ordinal",
    "tick": "nominal",
    "number": "scale",
    "moment": "scale",
}


@dataclass(frozen=True, slots=True)
class Value:
    """What may stand in a column.

    Attributes:
        code: as CSV, JSON and Parquet have it.
        number: as SPSS has it; negative where it is no answer on the scale.
    """

    code: str
    label: str
    number: int
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the answers in words.

    Attributes:
        name: of the column in CSV, XLSX, JSON and Parquet.
        spss: of the variable in SPSS, unique whatever the case of its letters.
        number: the question's, as printed on the form; empty where there is none.
        asked_if: in words, on what condition it is asked; empty where it always is.
    """

    name: str
    spss: str
    label: str
    type: ColumnType
    measure: Measure
    number: str = ""
    category: str = ""
    values: tuple[Value, ...] = ()
    asked_if: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """All variables, in the order of the columns."""

    questionnaire: str
    version: str
    title: str
    language: str
    variables: tuple[Variable, ...]


def codebook(questionnaire: Localised) -> Codebook:
    """The codebook of a questionnaire in one language, which is the one being spoken."""
    asked = questionnaire.questionnaire
    columns = columns_of(asked)
    names = spss_names(column.name for column in columns)
    variables = tuple(_variable(asked, column, names[column.name]) for column in columns)
    return Codebook(asked.id, asked.version, asked.title, questionnaire.language, variables)


def spss_names(names: Iterable[str]) -> dict[str, str]:
    """Names SPSS allows, by ours: `q8_fields.recruitment` becomes `q8_fields_recruitment`."""
    found: dict[str, str] = {}
    taken = set(RESERVED)
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name).rstrip("_") or "v"
        plain = plain if plain[0].isalpha() else f"v{plain}"
        found[name] = free_name(plain, taken)
        taken.add(found[name].upper())
    return found


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first number behind it that makes it free and short enough."""
    used, number, name = set(taken), 1, wanted[:LONGEST_NAME]
    while name.upper() in used:
        number += 1
        name = f"{wanted[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
    return name


def _variable(questionnaire: Questionnaire, column: AnswerColumn, spss: str) -> Variable:
    measure = _MEASURES[column.type]
    if column.question is None:
        label, values = _own_label(questionnaire, column), _own_values(column)
        category = _category(questionnaire, column.category)
        return Variable(column.name, spss, label, column.type, measure, "", category, values)
    question = questionnaire.questions[column.question]
    return Variable(
        name=column.name,
        spss=spss,
        label=_label(question, column),
        type=column.type,
        measure=measure,
        number=question.number or "",
        category=_category(questionnaire, question.category),
        values=_values(questionnaire, question, column),
        asked_if=_asked_if(questionnaire, question),
    )


def _own_label(questionnaire: Questionnaire, column: AnswerColumn) -> str:
    if column.category:
        return _("Punkte: %(category)s", category=_category(questionnaire, column.category))
    return {
        "unit_code": _("Kürzel der Organisationseinheit"),
        "unit_name": _("Name der Organisationseinheit"),
        "unit_kind": _("Art der Organisationseinheit"),
        "parent": _("übergeordnete Organisationseinheit"),
        "submitted": _("abgegeben am (koordinierte Weltzeit, UTC)"),
        "version": _("Fassung: wie oft der Bogen abgegeben wurde"),
        "total": _("Gesamtzahl der Punkte"),
        "possible": _("mögliche Punkte"),
        "band": _("Ampelfarbe der Gesamtzahl"),
    }[column.name]


def _own_values(column: AnswerColumn) -> tuple[Value, ...]:
    if column.name != "band":
        return ()
    return tuple(Value(code, word, place) for place, (code, word) in enumerate(bands().items(), 1))


def _label(question: Question, column: AnswerColumn) -> str:
    words: Mapping[str | None, str] = {option.code: option.text for option in question.options}
    if column.option is not None:
        return f"{question.text} – {words[column.option]}"
    if column.name != question.id:
        return f"{question.text} – {question.other_text or words.get(question.other, '')}"
    return question.text


def _category(questionnaire: Questionnaire, category: str | None) -> str:
    return questionnaire.category(category).title if category else ""


def _values(
    questionnaire: Questionnaire, question: Question, column: AnswerColumn
) -> tuple[Value, ...]:
    if column.type == "tick":
        return (Value("0", _("nicht angekreuzt"), 0), Value("1", _("angekreuzt"), 1))
    if column.type != "code":
        return ()
    options = questionnaire.options(question)
    numbers = _numbers(options)
    found = [Value(o.code, o.text, numbers[o.code], o.points) for o in options]
    return tuple(sorted(found, key=lambda value: value.number))


def _numbers(options: tuple[Option, ...]) -> dict[str, int]:
    """Numbers of options for SPSS: the codes where they are numbers, else points, else places."""
    if all(option.code.isdecimal() for option in options):
        return {option.code: int(option.code) for option in options}
    rated = [option for option in options if option.points is not None] or list(options)
    points = [option.points for option in rated]
    by_points = None not in points and len(set(points)) == len(points)
    numbers = {o.code: o.points if by_points else n for n, o in enumerate(rated, 1)}
    others = [option.code for option in options if option.code not in numbers]
    return {
        **{code: number or 0 for code, number in numbers.items()},
        **{code: NOT_ASKED - n for n, code in enumerate(others, 1)},
    }


def _asked_if(questionnaire: Questionnaire, question: Question) -> str:
    asking = asked_by(questionnaire, question)
    if asking is None:
        return ""
    before = questionnaire.questions[asking[0]]
    words = [o.text for o in questionnaire.options(before) if o.code in asking[1]]
    return _(
        "nur gefragt, wenn die Antwort auf %(question)s eine von diesen ist: %(answers)s",
        question=before.number or before.id,
        answers="; ".join(words),
    )
