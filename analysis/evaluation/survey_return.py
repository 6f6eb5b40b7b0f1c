"""Who has answered, audience by audience; small numbers of outside organisations stay hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.disclosure import THRESHOLD
from analysis.disclosure.threshold import is_small
from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part, Row, Section, Table
from analysis.evaluation.survey_numbers import Survey
from analysis.evaluation.words import listed, percent, sheets
from survey.locale import desk_gettext as _

Keys = tuple[str, ...]
"""Audiences that stand in one row."""


@dataclass(frozen=True, slots=True)
class Line:
    """The return of one or several audiences: cells by the column's key."""

    keys: Keys
    title: str
    cells: Mapping[str, Cell]

    def number(self, column: str) -> int | None:
        """A number that may be shown."""
        cell = self.cells[column]
        return cell if isinstance(cell, int) else None


def survey_return(survey: Survey) -> Section:
    """Invited units, sheets and return of every audience."""
    lines = return_lines(survey)
    whole = _total(lines)
    finding = _finding(survey, lines, whole)
    shown = [*lines, whole] if len(lines) > 1 else lines
    return Section(
        key="return",
        question=_("Wer hat geantwortet?"),
        finding=finding,
        parts=(_part(survey, shown, finding),),
        notes=_notes(survey),
    )


def return_lines(survey: Survey) -> list[Line]:
    """The voices, and all other audiences one by one."""
    if _by_audience(survey):
        return [return_line(survey, (audience.key,)) for audience in survey.wave.audiences]
    order = [audience.key for audience in survey.wave.audiences]
    together = [voice.keys for voice in survey.voices]
    left = [key for key in order if not any(key in keys for keys in together)]
    found = sorted([*together, *((key,) for key in left)], key=lambda keys: order.index(keys[0]))
    return [return_line(survey, keys) for keys in found]


def _by_audience(survey: Survey) -> bool:
    """Whoever reads named sheets anyway sees the return of every audience."""
    return survey.level == "internal" and not survey.wave.anonymous


def _empty(survey: Survey, key: str) -> bool:
    """Whether it may be said that an audience has no sheet: always, once that is certain."""
    of_key = survey.numbers.sheets[key]
    return not of_key.submitted and (survey.numbers.closed or not of_key.protected)


def return_line(survey: Survey, keys: Keys) -> Line:
    """The return of some audiences together, as this level may show it."""
    titles = {audience.key: audience.title for audience in survey.wave.audiences}
    title = " + ".join(title for key, title in titles.items() if key in keys)
    cells = _counted(survey, keys)
    told = any(keys == voice.keys for voice in survey.voices) or _empty(survey, keys[0])
    if survey.level == "internal":
        hidden = not told and not _by_audience(survey)
        return Line(keys, title, {**cells, "sheets": WITHHELD} if hidden else cells)
    if not told:
        return Line(keys, title, dict.fromkeys(cells, WITHHELD))
    own = not any(survey.numbers.sheets[key].protected for key in keys)
    return Line(keys, title, cells if own and survey.level != "public" else _guarded(cells))


def _counted(survey: Survey, keys: Keys) -> dict[str, Cell]:
    """Everything that is counted of some audiences."""
    found = [each for each in survey.numbers.returns if each.key in keys]
    invited = sum(each.invited for each in found)
    number = {state: sum(each.by_state[state] for each in found) for state in found[0].by_state}
    taken = sum(each.taken_part for each in found)
    answered = taken if survey.wave.anonymous else number["submitted"]
    states: dict[str, Cell] = {"taken_part": taken}
    if not survey.wave.anonymous:
        states = {"submitted": number["submitted"]}
        if survey.level == "internal":
            states |= {
                "begun": number["begun"],
                "unopened": number["invited"],
                "no_sheet": number["no_sheet"],
            }
    return {
        "invited": invited,
        **states,
        "sheets": sum(survey.numbers.sheets[key].submitted for key in keys),
        "rate": answered / invited if invited else None,
    }


def _guarded(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The same without numbers of 1 to THRESHOLD - 1 units, and without what would tell them.

    The number of sheets stands beside every mean. Who answered and who did not add up to the
    invited; several sheets of one unit, to the sheets.
    """
    answer = "taken_part" if "taken_part" in cells else "submitted"
    invited, answered, number = (_whole(cells[key]) for key in ("invited", answer, "sheets"))
    apart = 0 if answer == "taken_part" else number - answered
    may_answered = not is_small(answered) and not is_small(apart)
    may_invited = may_answered and not is_small(invited) and not is_small(invited - answered)
    return {
        "invited": invited if may_invited else WITHHELD,
        answer: answered if may_answered else WITHHELD,
        "sheets": number,
        "rate": cells["rate"] if may_invited else WITHHELD,
    }


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _total(lines: Sequence[Line]) -> Line:
    """All audiences; a total would give away the only number that is hidden beside it."""
    cells: dict[str, Cell] = {}
    for key in lines[0].cells if lines else ():
        given = [line.number(key) for line in lines]
        cells[key] = WITHHELD if None in given else sum(number or 0 for number in given)
    answered, invited = _answered(cells), cells.get("invited")
    if isinstance(answered, int) and isinstance(invited, int):
        cells["rate"] = answered / invited if invited else None
    return Line(("@all",), _("Alle"), cells)


def _answered(cells: Mapping[str, Cell]) -> Cell:
    return cells.get("taken_part", cells.get("submitted"))


def _finding(survey: Survey, lines: Sequence[Line], whole: Line) -> str:
    if not survey.wave.anonymous:
        answered, invited = whole.number("submitted"), whole.number("invited")
        if invited == 0:
            return _("Niemand ist eingeladen.")
        if answered is not None and invited is not None:
            return _(
                "%(submitted)s von %(invited)s eingeladenen Stellen haben geantwortet (%(rate)s).",
                submitted=answered,
                invited=invited,
                rate=percent(answered / invited),
            )
    numbers = [(line.title, line.number("sheets")) for line in lines]
    told = [f"{title}: {sheets(number)}" for title, number in numbers if number is not None]
    if not told:
        return _("Es sind zu wenige Bögen, um etwas zu zeigen.")
    return _("Abgegeben wurden: %(sheets)s.", sheets="; ".join(told))


def _columns(survey: Survey) -> tuple[Column, ...]:
    sheets_alone = Column("sheets", _("Bögen"), "count")
    if survey.wave.anonymous and survey.level != "internal":
        # Who was invited and who says so stand beside sheets that may be anybody's.
        return (sheets_alone,)
    if survey.wave.anonymous:
        return (
            Column("invited", _("eingeladen"), "count"),
            Column("taken_part", _("haben sich gemeldet"), "count"),
            sheets_alone,
        )
    states = (
        Column("begun", _("begonnen"), "count"),
        Column("unopened", _("noch nicht geöffnet"), "count"),
        Column("no_sheet", _("kein Bogen"), "count"),
    )
    return (
        Column("invited", _("eingeladen"), "count"),
        Column("submitted", _("abgegeben"), "count"),
        *(states if survey.level == "internal" else ()),
        Column("sheets", _("Bögen"), "count"),
        Column("rate", _("Rücklauf"), "share"),
    )


def _part(survey: Survey, lines: Sequence[Line], finding: str) -> Part:
    columns = _columns(survey)
    rows = tuple(
        Row(
            key="+".join(line.keys),
            title=line.title,
            cells=tuple(line.cells[column.key] for column in columns),
            summary=line.keys == ("@all",),
        )
        for line in lines
    )
    drawn = "sheets" if survey.wave.anonymous else "rate"
    most = max((line.number("sheets") or 0 for line in lines), default=0)
    return Part(
        key="audiences",
        title=_("Rücklauf nach Zielgruppen"),
        table=Table(_("Zielgruppe"), columns, rows),
        chart=Chart(
            kind="bars",
            title=finding,
            alternative=_("Balken: Zahl der Bögen je Zielgruppe.")
            if survey.wave.anonymous
            else _("Balken: Rücklauf je Zielgruppe."),
            columns=(drawn,),
            highest=float(most or 1) if survey.wave.anonymous else 1.0,
        ),
    )


def _notes(survey: Survey) -> tuple[str, ...]:
    notes = [
        _anonymous_note(survey)
        if survey.wave.anonymous
        else _("Eine Stelle mit Links für mehrere Zweigstellen zählt einmal.")
    ]
    if survey.missing:
        notes.append(missing_words(survey))
    put_aside = sum(each.quarantined for each in survey.numbers.sheets.values())
    if put_aside and survey.level == "internal":
        notes.append(
            _("Zurückgestellt und nicht mitgezählt sind Bögen: %(number)s.", number=put_aside)
        )
    return tuple(notes)


def missing_words(survey: Survey) -> str:
    """Why nothing is shown of some audiences."""
    titles = listed(list(survey.missing))
    if survey.numbers.closed:
        return _(
            "Ohne Ergebnisse, weil es weniger als %(threshold)s Bögen sind: %(titles)s.",
            threshold=THRESHOLD,
            titles=titles,
        )
    return _(
        "Zahlen zu %(titles)s erscheinen erst, wenn niemand mehr antworten kann, und nur über "
        "mindestens %(threshold)s Bögen.",
        threshold=THRESHOLD,
        titles=titles,
    )


def _anonymous_note(survey: Survey) -> str:
    if survey.level != "internal":
        return _("Gezählt sind Bögen; wer sie abgegeben hat, weiß niemand.")
    return _(
        "Bögen kommen über die offene Adresse und gehören zu niemandem; es können mehr sein als "
        "Eingeladene. Gemeldet haben sich eingeladene Stellen selbst, auf ihrem Link: „Wir haben "
        "teilgenommen“."
    )
