"""The mirror: how the offices see themselves, and how organisations see the city.

Per category the Selbstcheck stands beside the organisations' ratings, per dimension only the
offices' own ratings do. Different questions: nothing here subtracts one from the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.disclosure.threshold import is_small
from analysis.evaluation.office import Wave
from analysis.evaluation.sections import (
    WITHHELD,
    Cell,
    Chart,
    Column,
    Level,
    Part,
    Row,
    Section,
    Table,
)
from analysis.evaluation.survey_categories import n_words
from analysis.evaluation.survey_numbers import Survey, SurveyNumbers, Voice, read_survey
from analysis.evaluation.survey_partner import partner
from analysis.evaluation.survey_ratings import (
    category_mean,
    group_names,
    least_points,
    mean_cell,
    most_points,
    n_cell,
    said_of,
)
from analysis.evaluation.survey_return import return_line
from analysis.evaluation.words import percent
from analysis.numbers import Chain, WaveNumbers, read_chain
from analysis.rated import Dimension, RatedCategory, RatedGroup
from survey.locale import desk_gettext as _
from survey.questionnaires import Library

CHECK = "@check"
"""The column of the Selbstcheck."""


@dataclass(frozen=True, slots=True)
class Side:
    """One group's ratings by category, and by dimension."""

    voice: Voice
    group: RatedGroup
    categories: Mapping[str, RatedCategory]

    @property
    def key(self) -> str:
        """Its column."""
        return self.voice.keys[0]

    @property
    def dimensions(self) -> dict[str, Dimension]:
        """Dimensions by question."""
        return {d.question: d for c in self.group.categories for d in c.dimensions}


def read_mirror(
    connection: Connection, library: Library, chain: Chain, language: str, level: Level
) -> Section | None:
    """The mirror of a Selbstcheck, with the newest survey that may stand beside it."""
    found = partner(connection, library, chain.now.slug)
    survey = read_survey(connection, library, found, language, whole=False) if found else None
    if survey is None or (level != "internal" and not survey.released):
        # What leaves the desk is made of released numbers alone.
        return None
    return mirror(chain.now, survey, language, level)


def read_survey_mirror(
    connection: Connection, library: Library, survey: SurveyNumbers, language: str, level: Level
) -> Section | None:
    """The mirror of a survey, with the newest Selbstcheck that may stand beside it."""
    found = partner(connection, library, survey.wave.slug)
    chain = read_chain(connection, library, found, most=1) if found else None
    if chain is None or (level != "internal" and not chain.now.published):
        # What leaves the desk is made of released numbers alone.
        return None
    return mirror(chain.now, survey, language, level)


def mirror(
    check: WaveNumbers, survey: SurveyNumbers, language: str, level: Level
) -> Section | None:
    """Both side by side, as far as this level may see them.

    None without organisations whose ratings may be shown, and for the public before both are over.
    """
    if level == "public" and not (check.closed and survey.closed):
        return None
    wave, view = Wave(Chain(check, (), {}), language, level), Survey(survey, language, level)
    sides = _sides(view)
    own = [side for side in sides if set(side.voice.keys) <= survey.inside]
    others = [side for side in sides if side not in own]
    shared = _shared(wave, others)
    if not shared:
        return None
    categories = _categories(wave, others, shared)
    dimensions = _dimensions(own, others) if own else None
    return Section(
        key="mirror",
        question=_("Spiegel: Wie sehen sich die Ämter, wie sehen Organisationen die Verwaltung?"),
        finding=categories.chart.title if categories.chart else "",
        parts=tuple(p for p in (categories, dimensions, _sources(wave, view, own + others)) if p),
        notes=(apart(),),
    )


def apart() -> str:
    """What is said wherever both stand side by side."""
    return _("Verschiedene Fragen, kein gemessener Abstand.")


def _sides(view: Survey) -> list[Side]:
    return [
        Side(
            voice,
            group,
            dict(zip(view.asked(voice).rated_members, group.categories, strict=True)),
        )
        for voice, group in view.rated
    ]


def _shared(wave: Wave, others: Sequence[Side]) -> list[tuple[str, str]]:
    """Categories, with their titles, that both have."""
    rated = {category for side in others for category in side.categories}
    members = wave.questionnaire.members
    found = [c for c in wave.questionnaire.categories if members.get(c.id) and c.id in rated]
    return [(category.id, category.title) for category in found]


# --- categories ---------------------------------------------------------------------------------


def _categories(wave: Wave, others: Sequence[Side], shared: Sequence[tuple[str, str]]) -> Part:
    columns = (
        Column(CHECK, _("Ämter im Selbstcheck"), "share"),
        *(Column(side.key, side.group.title, "share") for side in others),
        Column(f"{CHECK}@n", _("Ämter im Selbstcheck: n"), "count"),
        *(Column(f"{s.key}@n", _("%(group)s: n", group=s.group.title), "count") for s in others),
    )
    rows = tuple(
        Row(category, title, _category_cells(wave, others, category)) for category, title in shared
    )
    table = Table(_("Kategorie"), columns, rows)
    return Part(
        key="categories",
        title=_("Kategorien: Selbstcheck der Ämter und Einschätzung der Organisationen"),
        table=table,
        chart=Chart(
            kind="dots",
            title=_words(table, [CHECK, *(side.key for side in others)]),
            alternative=_(
                "Punkte je Kategorie: Anteil des Möglichen im Selbstcheck der Ämter und in der "
                "Einschätzung der Organisationen."
            ),
            columns=(CHECK, *(side.key for side in others)),
        ),
        notes=(
            _(
                "Im Selbstcheck: erreichte Punkte von den möglichen. In der Umfrage: Mittel der "
                "Bewertungen vom höchsten Wert. Beide Skalen beginnen bei 1 Punkt, nicht bei 0."
            ),
            _("n: im Selbstcheck Einheiten, in der Umfrage Bögen, die die Kategorie bewerten."),
        ),
    )


def _category_cells(wave: Wave, others: Sequence[Side], category: str) -> tuple[Cell, ...]:
    possible = wave.possible(category)
    _mean, share, n = wave.mean_cells(wave.numbers, f"@category:{category}", possible)
    found = [(side, side.categories.get(category)) for side in others]
    shares = [
        category_mean(rated, most_points(side.group)).share if rated else None
        for side, rated in found
    ]
    numbers = [n_cell(rated.bands) if rated else None for _side, rated in found]
    return (share, *shares, n, *numbers)


def _words(table: Table, keys: Sequence[str]) -> str:
    """Where each lies lowest; never how far apart they are."""
    said = []
    for key in keys:
        place, n = table.position(key), table.position(f"{key}@n")
        known = [(s, row) for row in table.rows if isinstance(s := row.cells[place], float)]
        if known:
            share, row = min(known, key=lambda found: found[0])
            said.append(
                _(
                    "%(who)s: am niedrigsten „%(category)s“ mit %(share)s des Möglichen (%(n)s).",
                    who=said_of(
                        table.columns[place].title, (each.cells[place] for each in table.rows)
                    ),
                    category=row.title,
                    share=percent(share),
                    n=n_words(row.cells[n]),
                )
            )
    return " ".join([*said, apart()])


# --- dimensions ---------------------------------------------------------------------------------


def _dimensions(own: Sequence[Side], others: Sequence[Side]) -> Part:
    """The offices' own ratings and the organisations': the same words about different offices."""
    sides = [*own, *others]
    columns = (
        *(Column(side.key, side.group.title, "mean") for side in sides),
        *(Column(f"{s.key}@n", _("%(group)s: n", group=s.group.title), "count") for s in sides),
    )
    asked = {key: each for side in reversed(sides) for key, each in side.dimensions.items()}
    short = group_names(own[0].group)
    order = [key for key in own[0].dimensions if any(key in s.dimensions for s in others)]
    rows = tuple(
        Row(key, asked[key].text, _dimension_cells(sides, key), short=short.get(key, ""))
        for key in order
    )
    return Part(
        key="dimensions",
        title=_("Dimensionen: was Ämter von sich sagen und Organisationen von der Verwaltung"),
        table=Table(_("Dimension"), columns, rows),
        chart=Chart(
            kind="dots",
            title=_(
                "Mittel je Dimension: Ämter über sich selbst, Organisationen über die ganze "
                "Verwaltung. %(apart)s",
                apart=apart(),
            ),
            alternative=_("Punkte je Dimension: das Mittel jeder Gruppe."),
            columns=tuple(side.key for side in sides),
            lowest=float(least_points(own[0].group)),
            highest=float(most_points(own[0].group)),
        ),
        notes=tuple(
            _("%(group)s: „%(about)s“", group=side.group.title, about=side.group.about)
            for side in sides
            if side.group.about
        ),
    )


def _dimension_cells(sides: Sequence[Side], key: str) -> tuple[Cell, ...]:
    found = [side.dimensions.get(key) for side in sides]
    return (
        *(mean_cell(each) if each else None for each in found),
        *(n_cell(each.given) if each else None for each in found),
    )


# --- sources ------------------------------------------------------------------------------------


def _sources(wave: Wave, view: Survey, sides: Sequence[Side]) -> Part:
    """Where both come from: sheets and return."""
    check = wave.numbers
    columns = (
        Column("wave", _("Durchgang"), "text"),
        Column("about", _("Eingeschätzt"), "text"),
        Column("sheets", _("Bögen"), "count"),
        Column("return", _("Rücklauf"), "share"),
    )
    number = len(check.named_points)
    told = wave.open_numbers or not is_small(number)
    sheets: tuple[Cell, Cell] = (number, wave.return_rate(check)) if told else (WITHHELD, WITHHELD)
    own = _("die eigene Organisationseinheit")
    rows = [Row(CHECK, _("Ämter im Selbstcheck"), (check.title, own, *sheets))]
    for side in sides:
        line = return_line(view, side.voice.keys)
        # Of anonymous sheets nobody knows how many of those invited they come from.
        rate = None if view.wave.anonymous else line.cells["rate"]
        cells = (view.wave.title, side.group.about, line.cells["sheets"], rate)
        rows.append(Row(side.key, side.group.title, cells))
    return Part(
        key="sources",
        title=_("Woher die Angaben kommen"),
        table=Table(_("Wer"), columns, tuple(rows)),
    )
