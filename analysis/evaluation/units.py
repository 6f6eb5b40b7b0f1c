"""How do the units stand, each beside the units beneath it, its Geschäftsbereich and the city?"""

from __future__ import annotations

from analysis.disclosure import THRESHOLD, chosen, released_mean
from analysis.disclosure.together import MOST
from analysis.evaluation.office import Wave, exact
from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import decimal, plain
from analysis.rollup import GROUPING_KINDS, Mean, Node, Points, Unit
from forms.scoring import band
from survey.locale import desk_gettext as _
from survey.messages import kinds


def units(wave: Wave) -> Section | None:
    """The tree with own sheets and means beneath; by Geschäftsbereich where nobody is named."""
    if not wave.questionnaire.scored or not wave.open_numbers:
        return None
    part = _tree(wave) if wave.names_units else _groups(wave)
    if part is None:
        return None
    finding = _finding(wave) if wave.names_units else _finding_of_groups(wave, part)
    return Section("units", _("Wie stehen die Einheiten?"), finding, (part,))


def _finding_of_groups(wave: Wave, part: Part) -> str:
    """The range of the groups' means: that of single units' totals would be two units' results."""
    place = part.table.position("mean")
    means = [cell for row in part.table.rows if isinstance(cell := row.cells[place], float)]
    return _(
        "Die Mittel der Geschäftsbereiche reichen von %(low)s bis %(high)s von %(possible)s "
        "Punkten.",
        low=decimal(min(means)),
        high=decimal(max(means)),
        possible=wave.possible_total,
    )


def _finding(wave: Wave) -> str:
    totals = [p["@total"] for p in wave.numbers.named_points.values() if "@total" in p]
    if not totals:
        return _("Noch ist kein Bogen abgegeben.")
    if min(totals) == max(totals):
        return _("Alle Einheiten haben %(total)s Punkte.", total=plain(totals[0]))
    return _(
        "Die Gesamtzahlen der Einheiten reichen von %(low)s bis %(high)s von %(possible)s Punkten.",
        low=plain(min(totals)),
        high=plain(max(totals)),
        possible=wave.possible_total,
    )


# --- the tree -----------------------------------------------------------------------------------


def _tree(wave: Wave) -> Part:
    rollup = wave.numbers.rollup
    weighted = any(n.beneath and n.beneath.weighted for n in rollup.nodes)
    columns = _columns(wave, weighted=weighted)
    rows = [_city_row(wave, weighted=weighted)] if rollup.city else []
    rows += [_node_row(wave, node, weighted=weighted) for node in rollup.nodes]
    return Part(
        key="tree",
        title=_("Einheiten von der Stadt bis zum Amt"),
        table=Table(_("Einheit"), columns, tuple(rows)),
        chart=Chart(
            kind="multiples",
            title=_("Anteil der möglichen Punkte je Kategorie und Einheit"),
            alternative=_("Je Kategorie ein Feld mit einem Balken je Einheit."),
            columns=tuple(c.key for c in columns if c.kind == "share"),
        ),
        notes=_tree_notes(wave, weighted=weighted),
        named=True,
    )


def _columns(wave: Wave, *, weighted: bool) -> tuple[Column, ...]:
    return (
        Column("total", _("Eigener Bogen"), "points"),
        *((Column("band", _("Farbe"), "band"),) if wave.questionnaire.bands else ()),
        *(Column(c, title, "share") for c, title in _categories(wave)),
        Column("beneath", _("Mittel darunter"), "mean"),
        Column("n", _("n darunter"), "count"),
        *((Column("weighted", _("darunter, nach Beschäftigten"), "mean"),) if weighted else ()),
    )


def _categories(wave: Wave) -> list[tuple[str, str]]:
    return [(q.removeprefix("@category:"), t) for q, t in wave.measures() if q != "@total"]


def _city_row(wave: Wave, *, weighted: bool) -> Row:
    city = wave.city
    return Row(
        key="@city",
        title=_("Stadt"),
        cells=(
            None,
            *((None,) if wave.questionnaire.bands else ()),
            *_shares(wave, city.points if city else None),
            *_beneath(city, weighted=weighted),
        ),
        summary=True,
    )


def _node_row(wave: Wave, node: Node, *, weighted: bool) -> Row:
    own = node.own if node.unit.id in wave.numbers.named else None
    total = own.get("@total") if own else None
    beneath = _beneath(node.beneath, weighted=weighted)
    if node.withheld and node.beneath is None:
        beneath = (WITHHELD, WITHHELD, *beneath[2:])
    return Row(
        key=node.unit.code,
        title=node.unit.title,
        cells=(
            exact(total),
            *((_colour(wave, node),) if wave.questionnaire.bands else ()),
            *_shares(wave, own or (node.beneath.points if node.beneath else None)),
            *beneath,
        ),
        level=node.level + 1,
        short=node.unit.code,
        summary=node.unit.kind in GROUPING_KINDS,
    )


def _colour(wave: Wave, node: Node) -> Cell:
    bands = wave.questionnaire.bands
    own = node.own if node.unit.id in wave.numbers.named else None
    # A unit with several sheets has a mean, and averages get no colour.
    if not own or "@total" not in own or bands is None or node.own_sheets > 1:
        return None
    return band(int(own["@total"]), bands)


def _shares(wave: Wave, points: Points | None) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for category, _title in _categories(wave):
        value = points.get(f"@category:{category}") if points else None
        found.append(None if value is None else value / wave.possible(category))
    return tuple(found)


def _beneath(mean: Mean | None, *, weighted: bool) -> tuple[Cell, ...]:
    if mean is None:
        return (None, 0, *((None,) if weighted else ()))
    heavy = mean.weighted.get("@total") if mean.weighted else None
    return (mean.points.get("@total"), mean.units, *((heavy,) if weighted else ()))


def _tree_notes(wave: Wave, *, weighted: bool) -> tuple[str, ...]:
    notes = [
        _(
            "Der eigene Bogen einer Einheit und das Mittel der Einheiten darunter stehen "
            "nebeneinander und werden nie zusammengezählt."
        ),
        _("Ohne eigenen Bogen stehen bei den Kategorien die Mittel der Einheiten darunter."),
        _("Mittel sind ungewichtet: Jede Einheit zählt einmal."),
    ]
    if weighted:
        notes.append(
            _("Nach Beschäftigten gewichtet sind nur Einheiten, zu denen eine Zahl vorliegt.")
        )
    if any(node.withheld for node in wave.numbers.rollup.nodes):
        notes.append(
            _(
                "Kleinere Einheiten zählen in einem Mittel erst mit, wenn es mindestens "
                "%(threshold)s Bögen sind und niemand mehr antworten kann.",
                threshold=THRESHOLD,
            )
        )
    return tuple(notes)


# --- by Geschäftsbereich, without names ---------------------------------------------------------


def _groups(wave: Wave) -> Part | None:
    """Means of groups of at least THRESHOLD units, none of them to be found by subtraction."""
    city = wave.numbers.rollup.city
    groups = _group_means(wave)[: MOST - 1]
    if city is None or not groups:
        return None
    shown = chosen([city.behind, *(mean.behind for _unit, mean in groups)])[1:]
    kept = [group for group, may in zip(groups, shown, strict=True) if may]
    if not kept:
        return None
    columns = (
        *(Column(c, title, "share") for c, title in _categories(wave)),
        Column("mean", _("Mittel"), "mean"),
        Column("n", "n", "count"),
    )
    rows = [
        Row(unit.code, unit.title, (*_shares(wave, mean.points), *_beneath(mean, weighted=False)))
        for unit, mean in kept
    ]
    return Part(
        key="groups",
        title=_("Nach Geschäftsbereichen"),
        table=Table(_("Geschäftsbereich"), columns, tuple(rows)),
        chart=Chart(
            kind="multiples",
            title=_("Anteil der möglichen Punkte je Kategorie und Geschäftsbereich"),
            alternative=_("Je Kategorie ein Feld mit einem Balken je Geschäftsbereich."),
            columns=tuple(c.key for c in columns if c.kind == "share"),
        ),
        notes=(
            _(
                "Gezeigt sind Geschäftsbereiche mit mindestens %(threshold)s Bögen.",
                threshold=THRESHOLD,
            ),
        ),
    )


def _group_means(wave: Wave) -> list[tuple[Unit, Mean]]:
    """The groups whose mean is over THRESHOLD units and their sheets."""
    return [
        (node.unit, node.beneath)
        for node in wave.numbers.rollup.nodes
        if node.unit.kind in GROUPING_KINDS
        and node.beneath
        and min(node.beneath.units, len(node.beneath.behind)) >= THRESHOLD
    ]


def _offices_in(wave: Wave, group: Unit) -> frozenset[int]:
    inside = {group.id}
    while True:
        more = {u.id for u in wave.numbers.units if u.parent in inside} - inside
        if not more:
            return frozenset(inside & wave.numbers.named_points.keys())
        inside |= more


# --- one unit beside the others -----------------------------------------------------------------


def comparison(wave: Wave, unit_id: int, *, for_unit: bool = False) -> Part | None:
    """One unit beside the means of at least THRESHOLD others: city, Geschäftsbereich, kind.

    It is told only once nobody can answer any more, and never as a rank. The means leave the unit
    out, and none of them lets a smaller group be found by subtracting it from another.

    Args:
        for_unit: the unit reads it itself: rounded, and nothing at an end of a scale.
    """
    own = wave.numbers.named_points.get(unit_id)
    unit = wave.numbers.unit(unit_id)
    if own is None or unit is None or not wave.numbers.closed:
        return None
    groups = _others(wave, unit)
    shown = chosen([others for _key, _title, others in groups])
    kept = [group for group, may in zip(groups, shown, strict=True) if may]
    if not kept:
        return None
    columns = (
        Column("own", unit.title, "points", unit.code),
        *(
            Column(key, _("%(title)s (n = %(n)s)", title=title, n=len(others)), "mean", title)
            for key, title, others in kept
        ),
    )
    rows = tuple(
        Row(
            question,
            title,
            (
                exact(own.get(question)),
                *(_mean_of(wave, o, question, rounded=for_unit) for _k, _t, o in kept),
            ),
            short=short,
        )
        for question, title, short in _compared(wave)
    )
    return Part(
        key="comparison",
        title=_("%(unit)s im Vergleich", unit=unit.title),
        table=Table(_("Aussage"), columns, rows),
        chart=Chart(
            kind="dots",
            title=_("%(unit)s und die Mittel der anderen", unit=unit.title),
            alternative=_("Punkte je Aussage: der eigene Wert und die Mittel der anderen."),
            columns=tuple(column.key for column in columns),
            lowest=min(v for w in wave.questionnaire.points.values() for v in w.values()),
            highest=max(map(wave.questionnaire.most_points, wave.questionnaire.scored)),
        ),
        notes=(
            _(
                "Verglichen wird mit dem Mittel von mindestens %(threshold)s anderen; eine "
                "Rangfolge gibt es nicht.",
                threshold=THRESHOLD,
            ),
        ),
        named=True,
    )


def _others(wave: Wave, unit: Unit) -> list[tuple[str, str, frozenset[int]]]:
    answered = frozenset(wave.numbers.named_points) - {unit.id}
    by_id = {u.id: u for u in wave.numbers.units}
    group = by_id.get(unit.parent or 0)
    while group and group.kind not in GROUPING_KINDS:
        group = by_id.get(group.parent or 0)
    alike = frozenset(u for u in answered if by_id[u].kind == unit.kind)
    found = [("city", _("alle anderen"), answered)]
    if group:
        found.append(("group", _("Geschäftsbereich"), _offices_in(wave, group) & answered))
    found.append(("kind", _("Art: %(kind)s", kind=kinds().get(unit.kind, unit.kind)), alike))
    return found


def _mean_of(wave: Wave, others: frozenset[int], question: str, *, rounded: bool) -> Cell:
    given = [wave.numbers.named_points[u].get(question) for u in others]
    known = [points for points in given if points is not None]
    if not known:
        return None
    if not rounded:
        return sum(known) / len(known)
    worth = wave.questionnaire.points[question].values()
    # At an end of the scale it would say what each of the others has.
    mean = released_mean(round(sum(known)), len(known), min(worth), max(worth))
    return WITHHELD if mean is None else mean


def _compared(wave: Wave) -> list[tuple[str, str, str]]:
    return [(question.id, title, number) for number, title, question in wave.statements()]
