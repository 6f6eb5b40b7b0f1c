"""What changed since the wave before, per unit and statement, where the wording is the same?"""

from __future__ import annotations

from functools import partial

from analysis.disclosure import THRESHOLD
from analysis.evaluation.office import Wave, exact, year
from analysis.evaluation.sections import Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import decimal
from analysis.numbers import WaveNumbers
from analysis.years import Change, Pair, changes, paired
from survey.locale import desk_gettext as _


def change(wave: Wave) -> Section | None:
    """Means then and now over the same units, each unit's total, and units × statements."""
    last = wave.chain.last
    if last is None or not wave.same or not wave.open_numbers:
        return None
    pairs = paired(wave.numbers.named_points, last.named_points, wave.chain.successors)
    if len(pairs) < THRESHOLD and not wave.names_units:
        # A mean over one or two offices is their own result.
        return None
    found = changes(pairs, wave.same)
    parts = [_statements(wave, last, found)]
    if wave.names_units and pairs and "@total" in wave.same:
        parts.append(_units(wave, last, pairs))
    if wave.detailed and pairs:
        parts.append(_heatmap(wave, pairs))
    return Section(
        key="change",
        question=_("Was hat sich seit „%(title)s“ geändert?", title=last.title),
        finding=_finding(found),
        parts=tuple(parts),
        notes=_notes(wave),
    )


def _finding(found: tuple[Change, ...]) -> str:
    total = next((c for c in found if c.question == "@total"), None)
    if total is None:
        return _finding_of_statements([c for c in found if not c.question.startswith("@")])
    facts = {
        "units": total.units,
        "then": decimal(total.then),
        "now": decimal(total.now),
        "better": total.better,
        "worse": total.worse,
        "same": total.same,
    }
    return _(
        "Einheiten, die beide Male geantwortet haben (%(units)s): im Mittel damals %(then)s, jetzt "
        "%(now)s Punkte. Höher: %(better)s, gleich: %(same)s, niedriger: %(worse)s.",
        **facts,
    )


def _finding_of_statements(found: list[Change]) -> str:
    """Where the totals cannot be compared, but some statements can."""
    if not found:
        return _("Keine Einheit hat in beiden Durchgängen dieselben Aussagen beantwortet.")
    differences = [c.now - c.then for c in found]
    return _(
        "Vergleichbar sind %(number)s Aussagen, die Gesamtzahl nicht. Von diesen Aussagen liegen "
        "im Mittel %(better)s höher, %(same)s gleich und %(worse)s niedriger als damals.",
        number=len(found),
        better=sum(d > 0 for d in differences),
        same=sum(d == 0 for d in differences),
        worse=sum(d < 0 for d in differences),
    )


def _notes(wave: Wave) -> tuple[str, ...]:
    notes = [_("Verglichen werden nur Einheiten mit Bogen in beiden Durchgängen.")]
    missing = [number for number, _t, q in wave.statements() if q.id not in wave.same]
    if missing:
        notes.append(
            _(
                "Nicht verglichen, weil sich der Wortlaut geändert hat: Aussage %(numbers)s.",
                numbers=", ".join(missing),
            )
        )
    return tuple(notes)


def _statements(wave: Wave, last: WaveNumbers, found: tuple[Change, ...]) -> Part:
    columns = (
        Column("then", last.title, "mean", year(last)),
        Column("now", wave.numbers.title, "mean", year(wave.numbers)),
        Column("change", _("Änderung"), "change"),
        Column("better", _("höher"), "count"),
        Column("same", _("gleich"), "count"),
        Column("worse", _("niedriger"), "count"),
        Column("n", "n", "count"),
    )
    titles = {q.id: (title, number) for number, title, q in wave.statements()}
    rows = [
        Row(
            key=c.question,
            title=titles[c.question][0],
            cells=(c.then, c.now, c.now - c.then, c.better, c.same, c.worse, c.units),
            short=titles[c.question][1],
        )
        for c in found
        if c.question in titles
    ]
    values = [p for worth in wave.questionnaire.points.values() for p in worth.values()]
    return Part(
        key="statements",
        title=_("Änderung je Aussage"),
        table=Table(_("Aussage"), columns, tuple(rows)),
        chart=Chart(
            kind="slopes",
            title=_("Mittel je Aussage, damals und jetzt"),
            alternative=_("Eine Linie je Aussage vom früheren zum jetzigen Mittel."),
            columns=("then", "now"),
            lowest=min(values),
            highest=max(values),
        ),
    )


def _units(wave: Wave, last: WaveNumbers, pairs: tuple[Pair, ...]) -> Part:
    columns = (
        Column("then", last.title, "points", year(last)),
        Column("now", wave.numbers.title, "points", year(wave.numbers)),
        Column("change", _("Änderung"), "change"),
    )
    rows = tuple(
        Row(
            *_name(wave, last, pair),
            (
                exact(pair.then.get("@total")),
                exact(pair.now.get("@total")),
                exact(pair.change("@total")),
            ),
            short=_code(wave, pair),
        )
        for pair in _sorted(wave, pairs)
    )
    return Part(
        key="units",
        title=_("Gesamtzahl je Einheit"),
        table=Table(_("Einheit"), columns, rows),
        chart=Chart(
            kind="slopes",
            title=_("Gesamtzahl je Einheit, damals und jetzt"),
            alternative=_("Eine Linie je Einheit von der früheren zur jetzigen Gesamtzahl."),
            columns=("then", "now"),
            lowest=wave.questionnaire.least_total,
            highest=wave.possible_total,
        ),
        named=True,
    )


def _heatmap(wave: Wave, pairs: tuple[Pair, ...]) -> Part:
    asked = [(number, title, q) for number, title, q in wave.statements() if q.id in wave.same]
    columns = tuple(Column(q.id, title, "change", number) for number, title, q in asked)
    last = wave.chain.last
    rows = tuple(
        Row(
            *_name(wave, last, pair),
            tuple(exact(pair.change(column.key)) for column in columns),
            short=_code(wave, pair),
        )
        for pair in _sorted(wave, pairs)
    )
    values = [p for worth in wave.questionnaire.points.values() for p in worth.values()]
    reach = max(values) - min(values)
    return Part(
        key="heatmap",
        title=_("Änderung je Einheit und Aussage"),
        table=Table(_("Einheit"), columns, rows),
        chart=Chart(
            kind="heatmap",
            title=_("Änderung in Punkten je Einheit und Aussage"),
            alternative=_("Raster: eine Zeile je Einheit, eine Spalte je Aussage."),
            columns=tuple(column.key for column in columns),
            lowest=-reach,
            highest=reach,
        ),
        named=True,
    )


def _sorted(wave: Wave, pairs: tuple[Pair, ...]) -> list[Pair]:
    return sorted(pairs, key=partial(_code, wave))


def _code(wave: Wave, pair: Pair) -> str:
    unit = wave.numbers.unit(pair.unit)
    return unit.code if unit else ""


def _name(wave: Wave, last: WaveNumbers | None, pair: Pair) -> tuple[str, str]:
    """Key and title; who followed another, or was called otherwise then, is told so."""
    now = wave.numbers.unit(pair.unit)
    then = last.unit(pair.then_unit) if last else None
    title = now.title if now else ""
    if now and then and (now.name, now.code) != (then.name, then.code):
        title = _("%(now)s (damals %(then)s)", now=title, then=then.title)
    return str(pair.unit), title
