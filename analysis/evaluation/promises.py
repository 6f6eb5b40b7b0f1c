"""What was promised in the wave before, and what became of it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.evaluation.office import Wave
from analysis.evaluation.sections import Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import percent
from analysis.promised import UNMARKED, Promise
from survey.locale import desk_gettext as _
from survey.messages import promise_marks

MARKS = ("done", "in_progress", "open", "dropped", UNMARKED)


def promises(wave: Wave, made: Sequence[Promise]) -> Section | None:
    """Promises by what became of them, and by unit where units are named."""
    last = wave.chain.last
    if last is None or not made or not wave.open_numbers:
        return None
    marks = Counter(promise.mark for promise in made)
    parts = [_totals(marks)]
    if wave.detailed:
        parts += [_by_unit(made), _listed(made)]
    return Section(
        key="promises",
        question=_("Was wurde in „%(title)s“ versprochen, und was wurde daraus?", title=last.title),
        finding=_finding(marks),
        parts=tuple(parts),
        notes=(
            _("Ohne Angabe: Die Einheit hat noch nicht gesagt, was daraus wurde."),
            _("Gezählt sind Einheiten, deren Bögen mit Namen gelesen werden."),
        ),
    )


def _names() -> dict[str, str]:
    return {**promise_marks(), UNMARKED: _("ohne Angabe")}


def _finding(marks: Counter[str]) -> str:
    number = sum(marks.values())
    return _(
        "Vorhaben: %(number)s. Umgesetzt: %(done)s (%(share)s), in Umsetzung: %(in_progress)s, "
        "offen: %(open)s, entfallen: %(dropped)s, ohne Angabe: %(unmarked)s.",
        number=number,
        share=percent(marks["done"] / number),
        **{mark or "unmarked": marks[mark] for mark in MARKS},
    )


def _totals(marks: Counter[str]) -> Part:
    names, number = _names(), sum(marks.values())
    rows = tuple(
        Row(mark or "unmarked", names[mark], (marks[mark], marks[mark] / number)) for mark in MARKS
    )
    columns = (Column("count", _("Vorhaben"), "count"), Column("share", _("Anteil"), "share"))
    return Part(
        key="marks",
        title=_("Was aus den Vorhaben wurde"),
        table=Table(_("Stand"), columns, rows),
        chart=Chart(
            kind="bars",
            title=_finding(marks),
            alternative=_("Balken: Zahl der Vorhaben je Stand."),
            columns=("count",),
            highest=float(number),
        ),
    )


def _by_unit(made: Sequence[Promise]) -> Part:
    names = _names()
    units = dict.fromkeys((p.unit_code, p.unit_title) for p in made)
    columns = (
        *(Column(mark or "unmarked", names[mark], "count") for mark in MARKS),
        Column("n", _("zusammen"), "count"),
    )
    counted = Counter((p.unit_code, p.unit_title, p.mark) for p in made)
    rows = []
    for code, title in units:
        cells = tuple(counted[code, title, mark] for mark in MARKS)
        rows.append(Row(code, title, (*cells, sum(cells)), short=code))
    return Part(
        key="units",
        title=_("Vorhaben je Einheit"),
        table=Table(_("Einheit"), columns, tuple(rows)),
        named=True,
    )


def _listed(made: Sequence[Promise]) -> Part:
    names = _names()
    columns = (Column("unit", _("Einheit"), "text"), Column("mark", _("Stand"), "text"))
    rows = tuple(
        Row(str(place), promise.text, (promise.unit_title, names[promise.mark]))
        for place, promise in enumerate(made)
    )
    return Part(
        key="list",
        title=_("Die Vorhaben im Wortlaut"),
        table=Table(_("Vorhaben"), columns, rows),
        named=True,
    )
