"""What the forms for new waves share: their checks, and what they offer to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from survey.database import clock
from survey.locale import desk_gettext as _
from survey.services import database, services
from survey.tables import unit, wave
from survey.waves import SLUG, end_of

LONGEST_TITLE = 200
LONGEST_TEXT = 2000

Errors = Iterator[tuple[str, str]]
"""(field, what is wrong and how to mend it)"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of units there is in the city, and how many; `inside` if one is of the city's own."""

    name: str
    number: int
    inside: bool


def known_kinds(connection: Connection) -> dict[str, Kind]:
    """All kinds of units by name."""
    counted = connection.execute(
        select(unit.c.kind, unit.c.inside, func.count()).group_by(unit.c.kind, unit.c.inside)
    )
    found: dict[str, Kind] = {}
    for name, inside, number in sorted(counted.all()):
        before = found.get(name, Kind(name, 0, inside=False))
        found[name] = Kind(name, before.number + number, inside=before.inside or bool(inside))
    return found


def earlier_waves(connection: Connection) -> list[Any]:
    """(slug, title) of every wave, the newest first."""
    return list(connection.execute(select(wave.c.slug, wave.c.title).order_by(wave.c.opens.desc())))


def today() -> date:
    """The city's day by the database's clock."""
    with database().read() as connection:
        return clock(connection).astimezone(services().config.zone).date()


def date_of(written: str | None) -> date | None:
    """The day a date field holds, or None."""
    try:
        found = date.fromisoformat(written or "")
    except ValueError:
        return None
    # Years a calendar picker can slip to would overflow when a day is added.
    return found if 2000 <= found.year <= 2200 else None  # noqa: PLR2004


def name_errors(connection: Connection, given: Mapping[str, str]) -> Errors:
    """What is wrong with title and slug."""
    title, slug = given.get("title", ""), given.get("slug", "")
    if not title or len(title) > LONGEST_TITLE:
        yield "title", _("Bitte geben Sie einen Titel an (höchstens 200 Zeichen).")
    if not SLUG.fullmatch(slug):
        yield (
            "slug",
            _(
                "Die Kurzbezeichnung darf nur aus kleinen Buchstaben, Ziffern und Bindestrichen "
                "bestehen, zum Beispiel selbstcheck-2026."
            ),
        )
    elif connection.scalar(select(wave.c.id).where(wave.c.slug == slug)) is not None:
        yield "slug", _("Einen Durchgang mit dieser Kurzbezeichnung gibt es schon.")


def period_errors(
    connection: Connection, first: date | None, closings: Mapping[str, date | None]
) -> Errors:
    """What is wrong with the first day, and with the last days by their fields."""
    if first is None:
        yield "first_day", _("Bitte geben Sie den ersten Tag an.")
    now, zone = clock(connection), services().config.zone
    for field, last in closings.items():
        if last is None:
            yield field, _("Bitte geben Sie den letzten Tag an.")
        elif first is not None and last < first:
            yield field, _("Der letzte Tag liegt vor dem ersten.")
        elif end_of(last, zone) <= now:
            yield field, _("Der letzte Tag ist schon vorbei.")


def staff_council_errors(given: Mapping[str, str]) -> Errors:
    """Offices are asked only once the staff council was involved."""
    if not given.get("staff_council_note"):
        yield (
            "staff_council_note",
            _("Bitte halten Sie fest, wie die Personalvertretung beteiligt wurde."),
        )


def length_errors(given: Mapping[str, str]) -> Errors:
    """Texts that are too long."""
    for name in ("staff_council_note", "further_readers"):
        if len(given.get(name, "")) > LONGEST_TEXT:
            yield name, _("Der Text ist zu lang: höchstens 2000 Zeichen.")
