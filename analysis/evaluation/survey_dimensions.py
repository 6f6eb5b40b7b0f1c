"""The dimensions by audience: which barriers are largest, which smallest?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.evaluation.sections import Chart, Column, Part, Row, Section, Table
from analysis.evaluation.survey_categories import n_words
from analysis.evaluation.survey_numbers import Survey, Voice
from analysis.evaluation.survey_ratings import (
    count_cells,
    group_names,
    least_points,
    mean_cell,
    most_points,
    n_cell,
    said_of,
    unknown_cell,
)
from analysis.evaluation.survey_return import missing_words
from analysis.evaluation.words import decimal
from analysis.rated import RatedGroup
from survey.locale import desk_gettext as _


def survey_dimensions(survey: Survey) -> Section | None:
    """How every dimension was rated in each group; those that rated something else apart."""
    if not any(questionnaire.ratings for questionnaire in survey.questionnaires):
        return None
    parts = [_part(voice, group) for voice, group in survey.rated]
    findings = [part.chart.title for part in parts if part.chart]
    return Section(
        key="dimensions",
        question=_("Welche Hemmnisse sind am größten, welche am kleinsten?"),
        finding=" ".join(findings) or _("Es sind zu wenige Bögen, um etwas zu zeigen."),
        parts=tuple(parts),
        notes=(missing_words(survey),) if survey.missing else (),
    )


def _part(voice: Voice, group: RatedGroup) -> Part:
    options = sorted(group.options, key=lambda option: option.points or 0)
    codes = tuple(option.code for option in options)
    columns = (
        *(Column(o.code, o.text, "count", str(o.points), points=o.points) for o in options),
        Column("n", "n", "count"),
        Column("mean", _("Mittel"), "mean"),
        Column("unknown", _("weiß ich nicht"), "count"),
    )
    short = group_names(group)
    rows = tuple(
        Row(
            each.question,
            each.text,
            (
                *count_cells(each.given, codes),
                n_cell(each.given),
                mean_cell(each),
                unknown_cell(each),
            ),
            short=short[each.question],
        )
        for category in group.categories
        for each in category.dimensions
    )
    table = Table(_("Dimension"), columns, rows)
    return Part(
        key=f"dimensions-{voice.keys[0]}",
        title=_("Dimensionen: %(group)s", group=group.title),
        table=table,
        chart=_chart(group, table, codes),
        notes=_notes(group),
    )


def _chart(group: RatedGroup, table: Table, codes: tuple[str, ...]) -> Chart:
    """The distribution where any may be shown; else the means alone."""
    title = _words(group, table)
    if group.detailed:
        return Chart(
            kind="diverging",
            title=title,
            alternative=_(
                "Balken je Dimension: nach links große Hemmnisse, nach rechts kleine oder keine."
            ),
            columns=codes,
        )
    return Chart(
        kind="dots",
        title=title,
        alternative=_("Punkte je Dimension: das Mittel der Bewertungen."),
        columns=("mean",),
        lowest=float(least_points(group)),
        highest=float(most_points(group)),
    )


def _words(group: RatedGroup, table: Table) -> str:
    mean, n = table.position("mean"), table.position("n")
    known = [(m, row) for row in table.rows if isinstance(m := row.cells[mean], float)]
    if not known:
        return _("%(group)s: zu wenige Bewertungen, um etwas zu zeigen.", group=group.title)
    who = said_of(group.title, (row.cells[mean] for row in table.rows))
    low, high = min(m for m, _row in known), max(m for m, _row in known)
    if low == high:
        return _(
            "%(group)s: Alle Dimensionen liegen im Mittel bei %(mean)s von %(most)s.",
            group=who,
            mean=decimal(low),
            most=most_points(group),
        )
    return _(
        "%(group)s: Das größte Hemmnis ist %(low)s (Mittel %(low_mean)s von %(most)s), das "
        "kleinste %(high)s (Mittel %(high_mean)s).",
        group=who,
        low=_named([row for m, row in known if m == low], n),
        low_mean=decimal(low),
        most=most_points(group),
        high=_named([row for m, row in known if m == high], n),
        high_mean=decimal(high),
    )


def _named(rows: Sequence[Row], n: int) -> str:
    """The first of the dimensions, with its number, and how many are as high."""
    first = f"„{rows[0].label}“, {n_words(rows[0].cells[n])}"
    if len(rows) == 1:
        return first
    return _("%(first)s, und %(number)s weitere", first=first, number=len(rows) - 1)


def _notes(group: RatedGroup) -> tuple[str, ...]:
    notes = [
        _(
            "Von %(least)s (sehr großes Hemmnis) bis %(most)s (kein Hemmnis); „weiß ich nicht“ ist "
            "keine Bewertung.",
            least=least_points(group),
            most=most_points(group),
        )
    ]
    if group.about:
        notes.insert(0, _("Eingeschätzt wurde: „%(about)s“.", about=group.about))
    return tuple(notes)
