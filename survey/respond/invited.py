"""The invitation a request is about: loaded, checked, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, session

from forms.definition import Section
from forms.path import lines, visible_sections
from forms.texts import Localised
from survey import access, anonymous, store
from survey.anonymous import OPEN, Ticket
from survey.earlier import Earlier, earlier
from survey.locale import gettext as _
from survey.problems import Problem
from survey.questionnaires import Frozen
from survey.respond.refusals import (
    not_granted,
    not_in_language,
    unknown_link,
    unknown_survey,
)
from survey.services import database, services
from survey.standing import Standing, by_handle, overseen

PROMISE_STEP = "promises"
CHECK_STEP = "check"


@dataclass(frozen=True, slots=True)
class Invited:
    """A standing with its questionnaire in the language of the page."""

    standing: Standing
    frozen: Frozen
    localised: Localised
    ticket: Ticket | None = None

    @property
    def is_open(self) -> bool:
        """Whether this is a sheet of an anonymous wave: it belongs to nobody."""
        return self.standing.mode == "anonymous"

    @property
    def granted(self) -> bool:
        """Whether this browser may work on the sheet."""
        if self.is_open:
            return self.ticket is not None
        return access.is_granted(session, self.standing)

    @property
    def start(self) -> str:
        """Address of the first page of an open survey."""
        return f"/{g.language.code}/o/{self.standing.wave_slug}/{self.standing.audience}"

    @property
    def audience_name(self) -> str:
        """The audience in the reader's words; "" for a unit, or if the wave calls it otherwise."""
        asked_of = self.frozen.questionnaire.asked_of
        known = self.standing.mode == "anonymous" and self.standing.unit_name == asked_of
        return (self.localised.questionnaire.asked_of or "") if known else ""

    def save(
        self,
        keys: tuple[str, ...],
        typed: Mapping[str, Any],
        base: str,
        *,
        reopen: bool = False,
    ) -> None:
        """Store what was typed on one page; raises what `store.save` and `anonymous.save` raise."""
        ticket, handle = self.ticket, self.standing.handle
        if ticket is None:
            database().write(lambda c: store.save(c, handle, keys, typed, base, reopen=reopen))
            return
        link_key = services().config.link_key
        database().write(lambda c: anonymous.save(c, ticket, link_key, keys, typed, base))

    def submit(self, base: str, submission_key: str, suspicion: str) -> None:
        """Hand the draft in; raises what `store.submit` and `anonymous.submit` raise."""
        ticket, handle, asked = self.ticket, self.standing.handle, self.frozen.questionnaire
        language = self.localised.language
        if ticket is None:
            database().write(
                lambda c: store.submit(c, handle, base, submission_key, asked, language)
            )
            return
        key = services().config.link_key
        database().write(
            lambda c: anonymous.submit(c, ticket, key, base, asked, suspicion=suspicion)
        )

    @property
    def root(self) -> str:
        """Address of the invitation's pages, without trailing slash."""
        return f"/{g.language.code}{self.rest}"

    @property
    def rest(self) -> str:
        """The same without the language, for switch links."""
        return f"/w/{self.standing.wave_slug}/{self.standing.handle}"

    def section(self, step: str) -> Section | None:
        """The section behind a step of the address."""
        return self.localised.questionnaire.section(step)

    def overseen(self) -> list[Standing]:
        """Submitted sheets of smaller units below, which this unit sees beside its own.

        A sheet read by name at the desk is shown to no other unit: its first page names every
        reader.
        """
        if not self.standing.read_by_name:
            return []
        with database().read() as connection:
            return overseen(connection, self.standing)

    def earlier(self) -> Earlier | None:
        """The unit's sheet of the wave before."""
        if self.standing.previous_id is None:
            return None
        with database().snapshot() as connection:
            return earlier(connection, self.standing)


def load(wave: str, handle: str, *, must_be_granted: bool = True) -> Invited:
    """The invitation of this address.

    Raises:
        Problem: unknown, not opened in this browser, or not offered in this language.
    """
    if handle.startswith(OPEN):
        return _load_open(wave, handle.removeprefix(OPEN), must_be_granted=must_be_granted)
    with database().read() as connection:
        standing = by_handle(connection, handle)
    if standing is None or standing.wave_slug != wave or standing.mode == "anonymous":
        # An invitation to an anonymous wave has no sheet, and its name is shown to nobody here.
        raise unknown_link()
    if must_be_granted and not access.is_granted(session, standing):
        raise not_granted(standing)
    return behind(standing)


def load_named(wave: str, handle: str) -> Invited:
    """The invitation of this address, for pages an open survey does not have."""
    if handle.startswith(OPEN):
        raise Problem(404, _("Diese Seite gibt es nicht."))
    return load(wave, handle)


def _load_open(slug: str, audience: str, *, must_be_granted: bool) -> Invited:
    """The sheet of an open survey this browser holds a ticket for."""
    ticket = held_ticket(slug, audience)
    key = services().config.link_key
    with database().read() as connection:
        standing = anonymous.by_ticket(connection, ticket, key) if ticket else None
    if standing is not None:
        return behind(standing, ticket)
    found = open_audience(slug, audience)
    if must_be_granted:
        raise Problem(
            403,
            _("Dieser Browser kennt keinen Bogen dieser Befragung."),
            _("Haben Sie einen Weitermach-Code? Geben Sie ihn auf der ersten Seite ein."),
            link=(f"/{g.language.code}/o/{slug}/{audience}", _("Zur ersten Seite")),
        )
    return behind(found)


def open_audience(slug: str, audience: str) -> Standing:
    """An audience of an anonymous wave as somebody without a ticket sees it; raises Problem."""
    with database().read() as connection:
        found = [s for s in anonymous.audiences(connection, slug) if s.audience == audience]
    if not found:
        raise unknown_survey()
    return found[0]


def held_ticket(slug: str, audience: str) -> Ticket | None:
    """The ticket this browser holds for an audience, or None."""
    secret = session.get("tickets", {}).get(f"{slug}/{audience}")
    return Ticket(slug, audience, secret) if secret else None


def behind(standing: Standing, ticket: Ticket | None = None) -> Invited:
    """A standing with its questionnaire. Raises Problem if it is not offered in this language."""
    frozen = frozen_of(standing)
    if g.language.code not in frozen.languages:
        raise not_in_language()
    return Invited(standing, frozen, frozen.localised(g.language.code), ticket)


def frozen_of(standing: Standing) -> Frozen:
    """The questionnaire a standing is about."""
    library = services().library
    frozen = library.known(standing.checksum)
    if frozen is None:
        with database().read() as connection:
            frozen = library.stored(connection, standing.checksum)
    return frozen


def promises_of(before: Earlier | None, invited: Invited) -> list[tuple[str, str]]:
    """Last time's promises line by line: („question:line", text)."""
    if before is None:
        return []
    return [
        (f"{question.id}:{number}", line)
        for question in invited.localised.questionnaire.promises()
        for number, line in enumerate(lines(before.texts.get(question.id)))
    ]


def visible_steps(invited: Invited, draft: dict[str, Any], *, with_promises: bool) -> list[str]:
    """The steps to fill with this draft, the check page excluded.

    The earlier promises come before the last section: first look back, then promise anew.
    """
    steps = [s.id for s in visible_sections(invited.localised.questionnaire, draft)]
    if with_promises:
        steps.insert(len(steps) - 1, PROMISE_STEP)
    return steps


def neighbours(invited: Invited, draft: dict[str, Any], step: str) -> tuple[str, str]:
    """The steps before and after one, "" before the first, the check page after the last."""
    steps = visible_steps(invited, draft, with_promises=False)
    if step == PROMISE_STEP or step in steps[-2:]:
        promised = bool(promises_of(invited.earlier(), invited))
        steps = visible_steps(invited, draft, with_promises=promised)
    if step not in steps:
        # A follow-up whose question was changed elsewhere meanwhile.
        return "", steps[0]
    here = steps.index(step)
    after = steps[here + 1] if here + 1 < len(steps) else CHECK_STEP
    return (steps[here - 1] if here else ""), after
