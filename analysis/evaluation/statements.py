"""Which statements lie lowest, which highest, and how unequal are the offices?"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.disclosure import released_distribution
from analysis.evaluation.office import Wave, exact
from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import decimal
from analysis.summary import mean_difference
from forms.definition import Question
from survey.locale import desk_gettext as _


@dataclass(frozen=True, slots=True)
class Spread:
    """How one statement was answered: `cells` by points, ascending; None where nothing is known."""

    number: str
    title: str
    cells: tuple[Cell, ...]
    n: Cell
    mean: Cell
    apart: Cell


def statements(wave: Wave) -> Section | None:
    """The answers to every statement, lowest and highest mean, and units × statements."""
    if not wave.questionnaire.scored:
        return None
    values = sorted({p for worth in wave.questionnaire.points.values() for p in worth.values()})
    spreads = [
        _spread(wave, number, title, question, values)
        for number, title, question in wave.statements()
    ]
    finding = _finding(spreads)
    parts = [_distribution(wave, spreads, values, finding)]
    if wave.names_units:
        parts.append(_heatmap(wave, values))
    return Section(
        key="statements",
        question=_("Welche Aussagen liegen am niedrigsten, welche am höchsten?"),
        finding=finding,
        parts=tuple(parts),
    )


def _spread(wave: Wave, number: str, title: str, question: Question, values: list[int]) -> Spread:
    worth = wave.questionnaire.points[question.id]
    answers = wave.answers(wave.numbers, question.id)
    given = dict.fromkeys(sorted(worth.values()), 0)
    for code, count in answers.items():
        given[worth[code]] += count
    n = sum(given.values())
    if not wave.open_numbers:
        return _protected(wave, number, title, given, values)
    mean = sum(v * c for v, c in given.items()) / n if n else None
    # No answer to this statement gives the points of the other columns.
    cells = tuple(given.get(value) for value in values)
    return Spread(number, title, cells, n, mean, mean_difference(given))


def _protected(
    wave: Wave, number: str, title: str, given: dict[int, int], values: list[int]
) -> Spread:
    hidden: tuple[Cell, ...] = tuple(WITHHELD if value in given else None for value in values)
    if not wave.numbers.closed:
        return Spread(number, title, hidden, WITHHELD, WITHHELD, WITHHELD)
    shown = released_distribution({str(v): c for v, c in given.items()}, {str(v): v for v in given})
    return Spread(
        number,
        title,
        tuple(given.get(value) for value in values) if shown.counts is not None else hidden,
        WITHHELD if shown.n is None else shown.n,
        # Without any sheet there is nothing to withhold.
        shown.mean if shown.mean is not None or shown.n == 0 else WITHHELD,
        # A third equation beside number and mean would help to solve for what is hidden.
        mean_difference(given) if shown.counts is not None else WITHHELD,
    )


def _finding(spreads: list[Spread]) -> str:
    means = sorted((s.mean, s.number) for s in spreads if isinstance(s.mean, float))
    if not means and any(s.mean is WITHHELD for s in spreads):
        return _("Es sind zu wenige Bögen, um etwas zu zeigen.")
    if not means:
        return _("Noch ist kein Bogen abgegeben.")
    low, high = means[0], means[-1]
    if low[0] == high[0] and len(means) == len(spreads):
        return _("Alle Aussagen liegen im Mittel bei %(mean)s Punkten.", mean=decimal(low[0]))
    said = _(
        "Am niedrigsten liegt Aussage %(low)s (Mittel %(low_mean)s), am höchsten Aussage %(high)s "
        "(Mittel %(high_mean)s).",
        low=low[1],
        low_mean=decimal(low[0]),
        high=high[1],
        high_mean=decimal(high[0]),
    )
    apart = max(
        ((s.apart, s.number) for s in spreads if isinstance(s.apart, float)), default=(0.0, "")
    )
    if not apart[0]:
        return said
    unequal = _(
        "Am weitesten auseinander liegen die Antworten auf Aussage %(number)s: Zwei zufällig "
        "gewählte Bögen unterscheiden sich im Mittel um %(apart)s Punkte.",
        number=apart[1],
        apart=decimal(apart[0]),
    )
    return f"{said} {unequal}"


def _distribution(wave: Wave, spreads: list[Spread], values: list[int], finding: str) -> Part:
    names = _option_names(wave)
    columns = (
        *(Column(str(v), names.get(v, str(v)), "count", str(v), points=v) for v in values),
        Column("n", "n", "count"),
        Column("mean", _("Mittel"), "mean"),
        Column("apart", _("Mittlerer Abstand"), "mean"),
    )
    rows = tuple(
        Row(f"s{place}", s.title, (*s.cells, s.n, s.mean, s.apart), short=s.number)
        for place, s in enumerate(spreads, 1)
    )
    return Part(
        key="distribution",
        title=_("Wie oft welche Antwort gegeben wurde"),
        table=Table(_("Aussage"), columns, rows),
        chart=Chart(
            kind="diverging",
            title=finding,
            alternative=_("Balken je Aussage: nach links Ablehnung, nach rechts Zustimmung."),
            columns=tuple(str(v) for v in values),
        ),
        notes=(
            _("Gezählt sind Bögen der Einheiten, die mit Namen gelesen werden."),
            _(
                "Mittlerer Abstand: um wie viele Punkte sich zwei zufällig gewählte Bögen im "
                "Mittel unterscheiden."
            ),
        ),
    )


def _option_names(wave: Wave) -> dict[int, str]:
    """The words of the answers, where all statements share one scale."""
    scales = {q.scale for q in wave.questionnaire.scored.values()}
    if len(scales) != 1 or None in scales:
        return {}
    question = next(iter(wave.questionnaire.scored.values()))
    return {o.points: o.text for o in wave.questionnaire.options(question) if o.points is not None}


def _heatmap(wave: Wave, values: list[int]) -> Part:
    columns = tuple(
        Column(question.id, title, "points", number)
        for number, title, question in wave.statements()
    )
    rows = []
    for unit in wave.numbers.units:
        points = wave.numbers.named_points.get(unit.id)
        if points:
            cells = tuple(exact(points.get(column.key)) for column in columns)
            rows.append(Row(unit.code, unit.title, cells, short=unit.code))
    return Part(
        key="heatmap",
        title=_("Einheiten und Aussagen"),
        table=Table(_("Einheit"), columns, tuple(rows)),
        chart=Chart(
            kind="heatmap",
            title=_("Punkte je Einheit und Aussage"),
            alternative=_("Raster: eine Zeile je Einheit, eine Spalte je Aussage."),
            columns=tuple(column.key for column in columns),
            lowest=min(values),
            highest=max(values),
        ),
        named=True,
    )
