"""How much was written: free texts by category and question, never the texts themselves."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.evaluation.sections import Cell, Column, Part, Row, Section, Table
from analysis.evaluation.survey_categories import entry_counts, panels
from analysis.evaluation.survey_counts import Thing, counted, within
from analysis.evaluation.survey_numbers import Survey
from analysis.evaluation.survey_return import missing_words
from analysis.survey_words import categories
from survey.locale import desk_gettext as _

Named = tuple[str, str]


def survey_texts(survey: Survey) -> Section | None:
    """Texts and the sheets they come from, by category and group."""
    if not survey.numbers.texts or not survey.voices:
        return None
    parts = [part for part in (_entries(survey), _questions(survey)) if part]
    return Section(
        key="texts",
        question=_("Wozu wurde etwas geschrieben?"),
        finding=" ".join(part.chart.title for part in parts if part.chart)
        or _("Es sind zu wenige Bögen mit Texten, um eine Zahl zu zeigen."),
        parts=tuple(parts),
        notes=_notes(survey),
    )


def _entries(survey: Survey) -> Part | None:
    rows = categories(survey.wave)
    things = [
        Thing(text.sheet, text.audience, text.category)
        for text in survey.numbers.texts
        if text.category is not None
    ]
    if not things:
        return None
    found = within(
        counted(survey.voices, things, [key for key, _title in rows]), entry_counts(survey)
    )
    columns = []
    for each in found:
        key, name = each.voice.keys[0], each.voice.title
        columns.append(Column(key, _("%(group)s: Texte", group=name), "count", name))
        columns.append(Column(f"{key}@sheets", _("%(group)s: aus Bögen", group=name), "count"))
    cells = [
        tuple(cell for each in found for cell in (each.things[place], each.sheets[place]))
        for place in range(len(rows))
    ]
    table = _table(_("Kategorie"), columns, rows, cells)
    drawn = tuple(each.voice.keys[0] for each in found)
    return _part("texts", _("Texte zu den Hemmnissen, nach Kategorie"), table, drawn)


def _questions(survey: Survey) -> Part | None:
    """Texts outside the entries: they have a question and no category, and are one a sheet."""
    things = [
        Thing(text.sheet, text.audience, text.question)
        for text in survey.numbers.texts
        if text.category is None
    ]
    asked = {each.row for each in things}
    rows = [(key, title) for key, title in _titles(survey).items() if key in asked]
    if not rows:
        return None
    found = counted(survey.voices, things, [key for key, _title in rows])
    columns = [Column(each.voice.keys[0], each.voice.title, "count") for each in found]
    cells = [tuple(each.sheets[place] for each in found) for place in range(len(rows))]
    table = _table(_("Frage"), columns, rows, cells)
    drawn = tuple(column.key for column in columns)
    return _part("questions", _("Texte zu den übrigen Fragen"), table, drawn)


def _titles(survey: Survey) -> dict[str, str]:
    """The words of every question by its answer key, in the order they are asked."""
    titles: dict[str, str] = {}
    for questionnaire in survey.questionnaires:
        for question in questionnaire.questions.values():
            for key in question.keys:
                other = question.other_text if key != question.id else None
                titles.setdefault(key, other or question.text)
    return titles


def _table(
    corner: str,
    columns: Sequence[Column],
    rows: Sequence[Named],
    cells: Sequence[tuple[Cell, ...]],
) -> Table:
    lines = [
        Row(key or "@none", title, each) for (key, title), each in zip(rows, cells, strict=True)
    ]
    return Table(corner, tuple(columns), tuple(lines))


def _part(key: str, title: str, table: Table, drawn: tuple[str, ...]) -> Part:
    return Part(
        key=key,
        title=title,
        table=table,
        chart=panels(
            table,
            drawn,
            title=_most(title, table, drawn),
            alternative=_("Balken: Zahl der Texte, ein Feld je Gruppe."),
        ),
    )


def _most(title: str, table: Table, drawn: tuple[str, ...]) -> str:
    """What most was written about, in the group that wrote most of it."""
    places = [table.position(key) for key in drawn]
    known = [
        (number, row.title, table.columns[place].short or table.columns[place].title)
        for row in table.rows
        for place in places
        if isinstance(number := row.cells[place], int) and number
    ]
    if not known:
        return title
    number, about, group = max(known, key=lambda found: found[0])
    return _(
        "%(title)s: am meisten zu „%(about)s“ (%(group)s, Texte: %(number)s).",
        title=title,
        about=about,
        group=group,
        number=number,
    )


def _notes(survey: Survey) -> tuple[str, ...]:
    notes = [
        _(
            "Gezählt sind Texte und die Bögen, aus denen sie kommen; die Texte selbst stehen hier "
            "nicht."
        )
    ]
    if survey.level == "internal":
        notes.append(_("Zu lesen sind sie auf der Seite „Einträge und Texte“ dieser Umfrage."))
    if survey.missing:
        notes.append(missing_words(survey))
    return tuple(notes)
