"""Whom do the barriers concern? Entries by concerned unit and category."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.concerned import OTHERS, ConcernedTable, Line, concerned_table
from analysis.disclosure import THRESHOLD
from analysis.disclosure.threshold import is_small
from analysis.evaluation.sections import WITHHELD, Cell, Column, Part, Row, Section, Table
from analysis.evaluation.survey_categories import panels
from analysis.evaluation.survey_numbers import Survey
from analysis.evaluation.survey_ratings import said_of
from analysis.evaluation.survey_return import missing_words
from analysis.evaluation.words import listed
from analysis.survey_words import categories, options
from forms.definition import UNIT
from survey.locale import desk_gettext as _

MOST_FIELDS = 3
"""So many places are named in a sentence, if they are named equally often."""
UNITS = "@units"
"""The row of all single units together, where none may be named."""


def survey_entries(survey: Survey) -> Section | None:
    """Two tables: entries of the city's own offices, and of all others, protected."""
    if not survey.has_entries:
        return None
    parts = [*_parts(survey, own=True), *_parts(survey, own=False)]
    findings = [part.chart.title for part in parts if part.chart]
    return Section(
        key="entries",
        question=_("Wo gibt es die Hemmnisse?"),
        finding=" ".join(findings) or _nothing(survey),
        parts=tuple(parts),
        notes=_notes(survey),
    )


def _nothing(survey: Survey) -> str:
    if survey.numbers.closed:
        return _("Es sind zu wenige Bögen mit Hemmnissen, um etwas zu zeigen.")
    return _("Noch lässt sich nichts zeigen.")


def _parts(survey: Survey, *, own: bool) -> list[Part]:
    voices = [voice for voice in survey.voices if voice.own is own]
    keys = {key for voice in voices for key in voice.keys}
    entries = [entry for entry in survey.numbers.entries if entry.sheet.audience in keys]
    if not entries:
        return []
    protect = not all(voice.open for voice in voices)
    found = concerned_table(entries, categories(survey.wave), options(survey.wave), protect=protect)
    if found is None:
        return []
    if not survey.names_units:
        found = _unnamed(found)
    title = " + ".join(voice.title for voice in voices)
    # All sheets are known from the return: those without any entry must not be a few.
    rest = sum(voice.sheets for voice in voices) - found.sheets
    sheets = WITHHELD if protect and is_small(rest) else found.sheets
    parts = [_drawn(found, title, named=survey.names_units), _totals(found, sheets, title)]
    group = "own" if own else "others"
    return [replace(part, key=f"{part.key}-{group}") for part in parts]


def _unnamed(found: ConcernedTable) -> ConcernedTable:
    """The same with one row for all single units.

    Added up from what is shown with their names: protected anew, this table beside the other one
    would give away what the other one hides.
    """
    single = [line for line in found.lines if line.key == OTHERS or line.key.startswith(UNIT)]
    if not single:
        return found
    joined = Line(
        UNITS,
        _("einzelne Organisationseinheiten"),
        tuple(_sum(cells) for cells in zip(*(line.cells for line in single), strict=True)),
        _sum(line.total for line in single),
    )
    lines = [line for line in found.lines if line not in single]
    at = found.lines.index(single[0])
    return replace(found, lines=(*lines[:at], joined, *lines[at:]))


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum, None if one of them is not shown."""
    known = list(numbers)
    return None if None in known else sum(number or 0 for number in known)


def _drawn(found: ConcernedTable, title: str, *, named: bool) -> Part:
    columns = (
        # „Sprache/Kommunikation" is too wide for the head of a narrow panel.
        *(Column(c or "@none", name, "count", name.split("/")[0]) for c, name in found.columns),
        Column("@all", _("zusammen"), "count"),
    )
    rows = tuple(
        Row(line.key or "@none", line.title, (*map(_cell, line.cells), _cell(line.total)))
        for line in found.lines
    )
    table = Table(_("Betroffene Organisationseinheit"), columns, rows)
    return Part(
        key="concerned",
        title=_("Betroffene Organisationseinheiten: %(group)s", group=title),
        table=table,
        chart=panels(
            table,
            tuple(column.key for column in columns[:-1]),
            title=_finding(found, title),
            alternative=_("Balken: Zahl der Nennungen je Ort, ein Feld je Kategorie."),
        ),
        named=named,
    )


def _totals(found: ConcernedTable, sheets: Cell, title: str) -> Part:
    """Totals by category stand apart: in the chart they would outshine what they are made of."""
    rows = [
        Row(code or "@none", name, (_cell(number), None))
        for (code, name), number in zip(found.columns, found.totals, strict=True)
    ]
    rows.append(Row("@all", _("zusammen"), (_cell(found.total), sheets), summary=True))
    columns = (
        Column("mentions", _("Nennungen"), "count"),
        Column("sheets", _("aus Bögen"), "count"),
    )
    return Part(
        key="totals",
        title=_("Nennungen nach Kategorie: %(group)s", group=title),
        table=Table(_("Kategorie"), columns, tuple(rows)),
    )


def _cell(number: int | None) -> Cell:
    return WITHHELD if number is None else number


def _finding(found: ConcernedTable, title: str) -> str:
    """The place named most often in one category, as far as it is shown."""
    known = [
        (number, line, name)
        for line in found.lines
        for number, (_code, name) in zip(line.cells, found.columns, strict=True)
        if number
    ]
    if not known:
        return _("%(group)s: Kein Feld darf gezeigt werden.", group=title)
    most = max(number for number, _line, _name in known)
    fields = [_field(line, name) for number, line, name in known if number == most]
    return _(
        "%(group)s: Am häufigsten genannt ist %(fields)s (Nennungen: %(number)s).",
        group=said_of(title, (_cell(number) for line in found.lines for number in line.cells)),
        fields=listed(fields[:MOST_FIELDS]),
        number=most,
    )


def _field(line: Line, category: str) -> str:
    return _("„%(place)s“ bei „%(category)s“", place=line.title, category=category)


def _notes(survey: Survey) -> tuple[str, ...]:
    notes = [
        _(
            "Gezählt sind Einträge nach der eigenen Zuordnung der Befragten. Ein Eintrag, der "
            "mehrere Organisationseinheiten nennt, zählt bei jeder."
        )
    ]
    if survey.names_units:
        notes.append(
            _(
                "Einheiten, die weniger als %(threshold)s geschützte Bögen nennen, stehen in einer "
                "gemeinsamen Zeile.",
                threshold=THRESHOLD,
            )
        )
    if survey.numbers.withheld:
        notes.append(
            _("Bögen kleinerer Einheiten, die nicht mit Namen gelesen werden, fehlen hier.")
        )
    if survey.missing:
        notes.append(missing_words(survey))
    return tuple(notes)
