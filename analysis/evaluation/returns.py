"""Who has answered, who has not, and why not?"""

from __future__ import annotations

import pandas as pd

from analysis.disclosure import THRESHOLD
from analysis.disclosure.threshold import is_small
from analysis.evaluation.office import Wave
from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import listed, percent
from survey.locale import desk_gettext as _
from survey.messages import kinds, no_sheet_reasons

FOREMOST = ("submitted", "begun", "no_sheet", "invited")
"""Of several links of one unit the first of these counts."""


def returns(wave: Wave) -> Section:
    """The return by kind of unit, the reasons for no sheet, and who is missing."""
    units = _units(wave.numbers.invited)
    parts = [_by_kind(wave, units)]
    if wave.open_numbers and (units["state"] == "no_sheet").any():
        parts.append(_reasons(units))
    missing = units[units["state"] != "submitted"]
    if wave.names_units and not missing.empty:
        parts.append(_missing(missing))
    return Section(
        key="return",
        question=_("Wer hat geantwortet, wer nicht, und warum nicht?"),
        finding=_finding(units, wave),
        parts=tuple(parts),
        notes=(_("Gezählt sind Einheiten, auch solche mit mehreren Links nur einmal."),),
    )


def _units(invited: pd.DataFrame) -> pd.DataFrame:
    """One row a unit: that of its foremost link."""
    order = invited["state"].map(FOREMOST.index)
    return (
        invited.assign(order=order)
        .sort_values(["order", "code"], kind="stable")
        .drop_duplicates("unit_id")
        .sort_values("code", kind="stable")
    )


def _finding(units: pd.DataFrame, wave: Wave) -> str:
    invited = len(units)
    if not invited:
        return _("Niemand ist eingeladen.")
    states = units["state"].value_counts()
    submitted = int(states.get("submitted", 0))
    if not wave.open_numbers and (is_small(submitted) or is_small(invited)):
        return _("Es sind zu wenige Bögen, um etwas zu zeigen.")
    said = _(
        "%(submitted)s von %(invited)s eingeladenen Einheiten haben geantwortet (%(rate)s).",
        submitted=submitted,
        invited=invited,
        rate=percent(submitted / invited),
    )
    declined = int(states.get("no_sheet", 0))
    if not declined or not wave.open_numbers:
        return said
    why = _(
        "Erklärt, keinen Bogen abzugeben: %(number)s; noch ohne Antwort: %(open)s.",
        number=declined,
        open=invited - submitted - declined,
    )
    return f"{said} {why}"


def _by_kind(wave: Wave, units: pd.DataFrame) -> Part:
    columns = (
        Column("invited", _("eingeladen"), "count"),
        Column("submitted", _("abgegeben"), "count"),
        *(_state_columns() if wave.open_numbers else ()),
        Column("rate", _("Rücklauf"), "share"),
    )
    names = kinds()
    rows = [_row("@all", _("Alle"), units, wave, summary=True)]
    groups = [(str(kind), group) for kind, group in units.groupby("kind", sort=False)]
    # To the public small groups of one city are told apart too easily.
    if len(groups) > 1 and (wave.open_numbers or _all_large(groups)):
        rows += [_row(kind, names.get(kind, kind), group, wave) for kind, group in groups]
    return Part(
        key="kinds",
        title=_("Rücklauf nach Art der Einheit"),
        table=Table(_("Art"), columns, tuple(rows)),
        chart=Chart(
            kind="bars",
            title=_finding(units, wave),
            alternative=_("Balken: Rücklauf je Art der Einheit."),
            columns=("rate",),
        ),
    )


def _all_large(groups: list[tuple[str, pd.DataFrame]]) -> bool:
    """Whether who answered and who did not are both many, in every group."""
    for _kind, group in groups:
        submitted = int((group["state"] == "submitted").sum())
        if 0 < submitted < THRESHOLD or 0 < len(group) - submitted < THRESHOLD:
            return False
    return True


def _state_columns() -> tuple[Column, ...]:
    return (
        Column("begun", _("begonnen"), "count"),
        Column("unopened", _("noch nicht geöffnet"), "count"),
        Column("no_sheet", _("kein Bogen"), "count"),
    )


def _row(key: str, title: str, units: pd.DataFrame, wave: Wave, *, summary: bool = False) -> Row:
    states = units["state"].value_counts()
    number = {state: int(states.get(state, 0)) for state in FOREMOST}
    rate = number["submitted"] / len(units) if len(units) else None
    cells: tuple[Cell, ...]
    if wave.open_numbers:
        more = (number["begun"], number["invited"], number["no_sheet"])
        cells = (len(units), number["submitted"], *more, rate)
    elif is_small(len(units)) or is_small(number["submitted"]):
        invited: Cell = WITHHELD if is_small(len(units)) else len(units)
        cells = (invited, WITHHELD, WITHHELD)
    else:
        cells = (len(units), number["submitted"], rate)
    return Row(key, title, cells, summary=summary)


def _reasons(units: pd.DataFrame) -> Part:
    given = units.loc[units["state"] == "no_sheet", "reason"].value_counts()
    names = no_sheet_reasons()
    rows = tuple(Row(str(r), names.get(str(r), str(r)), (int(n),)) for r, n in given.items())
    return Part(
        key="reasons",
        title=_("Warum kein Bogen kam"),
        table=Table(_("Grund"), (Column("units", _("Einheiten"), "count"),), rows),
        chart=Chart(
            kind="bars",
            title=_(
                "Gründe, keinen Bogen abzugeben: %(reasons)s",
                reasons=listed([r.title for r in rows]),
            ),
            alternative=_("Balken: Zahl der Einheiten je Grund."),
            columns=("units",),
            highest=float(given.sum()),
        ),
    )


def _missing(missing: pd.DataFrame) -> Part:
    words = {
        "begun": _("begonnen"),
        "invited": _("noch nicht geöffnet"),
        "no_sheet": _("kein Bogen"),
    }
    names = no_sheet_reasons()
    rows = tuple(
        Row(
            key=r["code"],
            title=r["name"] if r["code"] in ("", r["name"]) else f"{r['code']} {r['name']}",
            cells=(words[r["state"]], _why(names.get(r["reason"], ""), r["note"])),
            short=r["code"],
        )
        for r in missing.to_dict("records")
    )
    columns = (Column("state", _("Stand"), "text"), Column("reason", _("Grund"), "text"))
    return Part(
        key="missing",
        title=_("Wer nicht abgegeben hat"),
        table=Table(_("Einheit"), columns, rows),
        named=True,
    )


def _why(reason: str, note: str) -> str:
    return " ".join(word for word in (reason, note) if word)
