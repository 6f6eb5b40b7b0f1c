"""The categories by audience: from the ratings, and by the respondents' own assignment."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part, Row, Section, Table
from analysis.evaluation.survey_counts import Counts, Thing, counted
from analysis.evaluation.survey_numbers import Survey, Voice
from analysis.evaluation.survey_ratings import (
    category_mean,
    count_cells,
    most_points,
    n_cell,
    said_of,
)
from analysis.evaluation.survey_return import missing_words
from analysis.evaluation.words import listed, percent
from analysis.rated import BANDS, RatedGroup
from analysis.survey_words import categories as own_categories
from survey.locale import desk_gettext as _
from survey.messages import bands as band_names


def survey_categories(survey: Survey) -> Section:
    """Colours and shares of every category in each group, and how many entries were put in it."""
    rated = [_rated(survey, voice, group) for voice, group in survey.rated]
    findings = [_finding(part) for part in rated]
    assigned = _assigned(survey)
    parts = [*rated, *([assigned] if assigned else [])]
    if assigned and assigned.chart:
        findings.append(assigned.chart.title)
    return Section(
        key="categories",
        question=_("Wie stehen die Kategorien da?"),
        finding=" ".join(findings) or _("Es sind zu wenige Bögen, um etwas zu zeigen."),
        parts=tuple(parts),
        notes=(missing_words(survey),) if survey.missing else (),
    )


# --- ratings ----------------------------------------------------------------------------------


def _rated(survey: Survey, voice: Voice, group: RatedGroup) -> Part:
    names = band_names()
    columns = (
        *(Column(band, names[band], "count") for band in BANDS),
        Column("n", _("n mit Farbe"), "count"),
        Column("mean", _("Mittel der Dimensionen"), "mean"),
        Column("share", _("Anteil des Möglichen"), "share"),
        Column("dimensions", _("Dimensionen im Mittel"), "count"),
    )
    most = most_points(group)
    rows = []
    for key, category in zip(survey.asked(voice).rated_members, group.categories, strict=True):
        mean = category_mean(category, most)
        counts = count_cells(category.bands, BANDS)
        values = (n_cell(category.bands), mean.mean, mean.share, mean.dimensions)
        rows.append(Row(key, category.title, (*counts, *values)))
    table = Table(_("Kategorie"), columns, tuple(rows))
    return Part(
        key=f"rated-{voice.keys[0]}",
        title=_("Einschätzung: %(group)s", group=group.title),
        table=table,
        chart=_rated_chart(_rated_words(group.title, rows, table), rows),
        notes=_rated_notes(group, most),
    )


def _rated_chart(title: str, rows: Sequence[Row]) -> Chart:
    """The colours where any may be shown; else the shares alone."""
    if any(cell is not WITHHELD for row in rows for cell in row.cells[: len(BANDS)]):
        return Chart(
            kind="bands",
            title=title,
            alternative=_(
                "Gestapelte Balken: wie viele Bögen rot, gelb und grün sind, je Kategorie."
            ),
            columns=BANDS,
        )
    return Chart(
        kind="bars",
        title=title,
        alternative=_("Balken: Anteil des Möglichen je Kategorie."),
        columns=("share",),
    )


def _rated_words(title: str, rows: Sequence[Row], table: Table) -> str:
    place, n = table.position("share"), table.position("n")
    known = [(share, row) for row in rows if isinstance(share := row.cells[place], float)]
    if not known:
        return _("%(group)s: zu wenige Bewertungen, um etwas zu zeigen.", group=title)
    low, high = min(known, key=_share), max(known, key=_share)
    who = said_of(title, (row.cells[place] for row in rows))
    if low[0] == high[0]:
        return _(
            "%(group)s: Alle Kategorien liegen gleichauf bei %(share)s des Möglichen.",
            group=who,
            share=percent(low[0]),
        )
    return _(
        "%(group)s: Am niedrigsten liegt „%(low)s“ mit %(low_share)s des Möglichen (%(low_n)s), am "
        "höchsten „%(high)s“ mit %(high_share)s (%(high_n)s).",
        group=who,
        low=low[1].title,
        low_share=percent(low[0]),
        low_n=n_words(low[1].cells[n]),
        high=high[1].title,
        high_share=percent(high[0]),
        high_n=n_words(high[1].cells[n]),
    )


def _share(known: tuple[float, Row]) -> float:
    return known[0]


def n_words(n: Cell) -> str:
    """How many sheets, in brackets behind a number."""
    return _("n = %(n)s", n=n) if isinstance(n, int) else _("n nicht gezeigt")


def _finding(part: Part) -> str:
    return part.chart.title if part.chart else ""


def _rated_notes(group: RatedGroup, most: int) -> tuple[str, ...]:
    notes = [
        _(
            "Eine Farbe hat ein Bogen, in dem genug Dimensionen der Kategorie bewertet sind. Das "
            "Mittel ist das der gezeigten Mittel der Dimensionen, jede zählt einmal; der Anteil "
            "bezieht sich auf den höchsten Wert, %(most)s Punkte.",
            most=most,
        )
    ]
    if group.about:
        notes.insert(0, _("Eingeschätzt wurde: „%(about)s“.", about=group.about))
    if any(category.provisional for category in group.categories):
        notes.append(_("Vorläufige Schwellen. Mittelwerte bekommen keine Farbe."))
    return tuple(notes)


# --- the respondents' own assignment ------------------------------------------------------------


def _assigned(survey: Survey) -> Part | None:
    if not survey.has_entries or not survey.voices:
        return None
    rows, found = own_categories(survey.wave), entry_counts(survey)
    table = by_row(rows, found, _("Kategorie nach eigener Zuordnung"))
    return Part(
        key="assigned",
        title=_("Hemmnisse nach eigener Zuordnung der Befragten"),
        table=table,
        chart=panels(
            table,
            tuple(column.key for column in table.columns),
            title=_assigned_words(found, rows),
            alternative=_("Balken: Zahl der Einträge je Kategorie, ein Feld je Gruppe."),
        ),
        notes=(
            _("Gezählt sind Einträge; ein Bogen kann mehrere enthalten."),
            _("„Nicht zugeordnet“ heißt: Die Frage nach der Kategorie blieb offen."),
        ),
    )


def entry_counts(survey: Survey) -> tuple[Counts, ...]:
    """Entries by their own category, one row each and one for none."""
    things = (Thing(e.sheet.number, e.sheet.audience, e.category) for e in survey.numbers.entries)
    return counted(survey.voices, things, [key for key, _title in own_categories(survey.wave)])


def panels(table: Table, columns: tuple[str, ...], *, title: str, alternative: str) -> Chart | None:
    """A panel of bars for each column of counts; none where there is nothing to be seen."""
    places = [table.position(key) for key in columns]
    cells = (row.cells[place] for row in table.rows for place in places)
    most = max((cell for cell in cells if isinstance(cell, int)), default=0)
    if not most:
        return None
    return Chart("multiples", title, alternative, columns, highest=float(most))


def by_row(rows: Sequence[tuple[str, str]], found: Sequence[Counts], corner: str) -> Table:
    """A table of things: rows as given and their total, a column for each voice."""
    columns = tuple(Column(c.voice.keys[0], c.voice.title, "count") for c in found)
    lines = [
        Row(key or "@none", title, tuple(each.things[place] for each in found))
        for place, (key, title) in enumerate(rows)
    ]
    lines.append(Row("@all", _("zusammen"), tuple(c.total for c in found), summary=True))
    return Table(corner, columns, tuple(lines))


def _assigned_words(found: Sequence[Counts], rows: Sequence[tuple[str, str]]) -> str:
    said = []
    for each in found:
        known = [(n, t) for n, (_k, t) in zip(each.things, rows, strict=True) if isinstance(n, int)]
        most = max((number for number, _title in known), default=0)
        if most:
            titles = listed([f"„{title}“" for number, title in known if number == most])
            said.append(
                _(
                    "%(group)s: am häufigsten %(categories)s (%(number)s)",
                    group=said_of(each.voice.title, each.things),
                    categories=titles,
                    number=most,
                )
            )
    if not said:
        return _("Zur eigenen Zuordnung der Hemmnisse lässt sich nichts zeigen.")
    return _("Nach eigener Zuordnung der Hemmnisse: %(groups)s.", groups="; ".join(said))
