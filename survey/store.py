"""The only writer of responses, with `corrections`: save, submit, reopen, decline.

Every function works inside a transaction its caller opened (`Database.write`) and never commits.
Each reads the standing anew under lock: what was true when the page was made may have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from forms.definition import Questionnaire
from forms.loader import canonical
from survey import tally
from survey.database import database_now
from survey.sheet import NothingToSubmit, StoreError, scored_sheet
from survey.standing import Standing, by_handle, remarks, submitted_answers
from survey.tables import invitation, remark, response, response_version

PROMISES = "@promises"
"""Draft key of the marks on the earlier wave's promises."""


class NotOpen(StoreError):
    """The wave is not yet open or already closed for this unit."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        super().__init__(standing.phase)


class Conflict(StoreError):
    """Somebody else changed the same page in between; `stored` is what stands there now."""

    def __init__(self, standing: Standing, stored: Mapping[str, Any]) -> None:
        self.standing = standing
        self.stored = dict(stored)
        super().__init__("this page was changed in between")


class AlreadySubmitted(Conflict):
    """The sheet was submitted in between; a save would have to reopen it."""


def content_hash(content: Mapping[str, Any] | None) -> str:
    """A short hash of what a page or a draft holds; equal content has an equal hash."""
    return hashlib.sha256(canonical(content or {}).encode()).hexdigest()[:16]


def part(draft: Mapping[str, Any] | None, keys: tuple[str, ...]) -> dict[str, Any]:
    """What a draft holds under these answer keys."""
    return {key: draft[key] for key in keys if key in draft} if draft else {}


def begin(connection: Connection, handle: str) -> None:
    """Note that the link's button was pressed: from here the hour's grace holds."""
    connection.execute(_BEGIN, {"h": handle})


_BEGIN = (
    update(invitation)
    .where(invitation.c.handle == bindparam("h"), invitation.c.begun.is_(None))
    .values(begun=database_now())
)
_KEEP_DRAFT = update(response).where(response.c.id == bindparam("r")).values(draft=bindparam("d"))

# Beside what stands here, it sets every column given as a parameter of its name.
_SUBMIT = (
    update(response)
    .where(response.c.id == bindparam("r"))
    .values(
        state="submitted",
        draft=None,
        version=response.c.version + 1,
        submitted=database_now(),
    )
)


def save(  # one save is these six things
    connection: Connection,
    handle: str,
    keys: tuple[str, ...],
    typed: Mapping[str, Any],
    base: str,
    *,
    reopen: bool = False,
) -> None:
    """Keep what was typed on one page in the draft.

    Args:
        keys: the answer keys the page owns; what is not in `typed` is emptied.
        base: content hash of what the page held when it was made.
        reopen: whether a submitted sheet may be opened again by this save.

    Raises:
        NotOpen: no answers are taken now.
        Conflict: the page's content changed since `base`.
        AlreadySubmitted: submitted in between and `reopen` not set.
    """
    standing = _locked(connection, handle)
    draft = standing.draft
    if draft is None and standing.has_sheet:
        submitted = _as_draft(connection, standing)
        if part(submitted, keys) == typed:
            return  # Nothing to change, so no reason to reopen.
        if not reopen:
            raise AlreadySubmitted(standing, part(submitted, keys))
        if standing.phase != "open":
            raise NotOpen(standing)
        draft = submitted
    changed = merged(standing, draft, keys, typed, base)
    if changed is not None:
        _keep_draft(connection, standing, changed)


def merged(
    standing: Standing,
    draft: Mapping[str, Any] | None,
    keys: tuple[str, ...],
    typed: Mapping[str, Any],
    base: str,
) -> dict[str, Any] | None:
    """The draft with one page's answers replaced, or None if they already stand there.

    Raises:
        Conflict: the page's content changed since `base`.
    """
    stored = part(draft, keys)
    if draft is not None and stored == typed:
        return None
    if content_hash(stored) != base:
        raise Conflict(standing, stored)
    return {key: value for key, value in (draft or {}).items() if key not in keys} | dict(typed)


def reopen(connection: Connection, handle: str) -> None:
    """Open a submitted sheet for changes; what was submitted counts until the next submission.

    Raises:
        NotOpen: the wave is not open for this unit; the grace is for finishing, not for reopening.
    """
    standing = _locked(connection, handle)
    if standing.phase != "open":
        raise NotOpen(standing)
    if standing.has_sheet and standing.draft is None:
        _keep_draft(connection, standing, _as_draft(connection, standing))


def discard_changes(connection: Connection, handle: str, base: str) -> None:
    """Drop the open changes of a submitted sheet and keep what was submitted.

    Args:
        base: content hash of the draft as it was when the button was shown.

    Raises:
        NotOpen: no answers are taken now.
        Conflict: somebody went on writing since then.
    """
    standing = _locked(connection, handle)
    if standing.draft is not None and content_hash(standing.draft) != base:
        raise Conflict(standing, standing.draft)
    if standing.has_sheet:
        connection.execute(_KEEP_DRAFT, {"r": standing.response_id, "d": None})


def submit(
    connection: Connection,
    handle: str,
    base: str,
    submission_key: str,
    questionnaire: Questionnaire,
    language: str,
) -> None:
    """Score the draft and make it the submitted sheet; repeating it changes nothing.

    Args:
        base: content hash of the whole draft as the check-answers page showed it.
        submission_key: names this submission of this invitation; a repetition carries the same.

    Raises:
        NotOpen: no answers are taken now.
        Conflict: the draft is not what the check-answers page showed.
        Unanswered: a scored question has no answer.
        NothingToSubmit: no draft and no sheet, or a draft without any answer.
    """
    standing = by_handle(connection, handle, lock=True)
    if standing is None or standing.response_id is None:
        raise NothingToSubmit("nothing was saved yet")
    key = _stored_key(handle, submission_key)
    if standing.draft is None or standing.submission_key == key:
        # The same submission again, or a colleague was faster with the same draft: one receipt.
        return
    if not standing.takes_answers:
        raise NotOpen(standing)
    if content_hash(standing.draft) != base:
        raise Conflict(standing, standing.draft)
    sheet = scored_sheet(standing.draft, questionnaire)
    if standing.has_sheet:
        _archive(connection, standing)
    texts = sheet.pop("texts")
    marks = standing.draft.get(PROMISES)
    place = {"r": standing.response_id, "submission_key": key, "language": language}
    connection.execute(_SUBMIT, {**sheet, **place, "promise_marks": marks})
    if texts:
        rows = [{"response_id": standing.response_id, "question": q, "body": b} for q, b in texts]
        connection.execute(insert(remark), rows)
    if standing.no_sheet_reason:
        set_no_sheet(connection, standing.invitation_id, None, "")
    tally.add(connection, {**sheet, "promise_marks": marks, **_place(standing)})


def _stored_key(handle: str, submission_key: str) -> str:
    # With the handle: the key comes from a browser, and a copied one must not block another unit.
    return hashlib.sha256(f"{handle}:{submission_key}".encode()).hexdigest()


def _place(standing: Standing) -> dict[str, Any]:
    return {
        "wave_id": standing.wave_id,
        "audience": standing.audience,
        "unit_id": standing.unit_id,
    }


def as_sheet(standing: Standing) -> dict[str, Any]:
    """What the tally counted for the submitted sheet."""
    return _place(standing) | {
        "answers": standing.answers,
        "promise_marks": standing.promise_marks,
        "category_points": standing.category_points,
        "category_bands": standing.category_bands,
        "points": standing.points,
        "band": standing.band,
    }


def _archive(connection: Connection, standing: Standing) -> None:
    """Put the submitted version aside, out of the counts, before a new one takes its place."""
    response_id = str(standing.response_id)
    connection.execute(
        insert(response_version).values(
            response_id=response_id,
            version=standing.version,
            submitted=standing.submitted,
            answers=standing.answers,
            remarks=remarks(connection, response_id),
            points=standing.points,
            band=standing.band,
        )
    )
    connection.execute(delete(remark).where(remark.c.response_id == response_id))
    tally.subtract(connection, as_sheet(standing))


def _locked(connection: Connection, handle: str) -> Standing:
    standing = by_handle(connection, handle, lock=True)
    if standing is None:
        raise NothingToSubmit("this invitation does not exist any more")
    if not standing.takes_answers:
        raise NotOpen(standing)
    return standing


def _as_draft(connection: Connection, standing: Standing) -> dict[str, Any]:
    draft: dict[str, Any] = submitted_answers(connection, standing)
    if standing.promise_marks:
        draft[PROMISES] = standing.promise_marks
    return draft


def _keep_draft(connection: Connection, standing: Standing, draft: dict[str, Any]) -> None:
    if standing.begun is None:
        begin(connection, standing.handle)
    if standing.response_id is not None:
        connection.execute(_KEEP_DRAFT, {"r": standing.response_id, "d": draft})
        return
    begin_draft(connection, standing, draft)


def begin_draft(connection: Connection, standing: Standing, draft: dict[str, Any]) -> None:
    connection.execute(
        insert(response),
        {
            "id": token_hex(16),
            "wave_id": standing.wave_id,
            "audience": standing.audience,
            "mode": standing.mode,
            "invitation_id": standing.invitation_id,
            "unit_id": standing.unit_id,
            "state": "draft",
            "draft": draft,
        },
    )


def decline(connection: Connection, handle: str, reason: str, note: str) -> None:
    """State why there is no sheet; a draft stays, and a submitted sheet wins over the reason.

    Raises:
        NotOpen: no answers are taken now.
        AlreadySubmitted: there is a sheet.
    """
    standing = _locked(connection, handle)
    if standing.has_sheet:
        raise AlreadySubmitted(standing, {})
    set_no_sheet(connection, standing.invitation_id, reason, note)


def withdraw_decline(connection: Connection, handle: str) -> None:
    """Take the reason back: the unit answers after all.

    Raises:
        NotOpen: no answers are taken now.
    """
    set_no_sheet(connection, _locked(connection, handle).invitation_id, None, "")


def set_no_sheet(connection: Connection, invitation_id: int, reason: str | None, note: str) -> None:
    connection.execute(
        update(invitation)
        .where(invitation.c.id == invitation_id)
        .values(no_sheet_reason=reason, no_sheet_note=note)
    )


def say_taken_part(connection: Connection, handle: str, *, said: bool) -> None:
    """Note, or take back, that a unit has taken part in an anonymous wave.

    Raises:
        NotOpen: the wave is closed.
    """
    standing = by_handle(connection, handle, lock=True)
    if standing is None or standing.mode != "anonymous" or standing.phase != "open":
        raise NothingToSubmit("no open anonymous wave") if standing is None else NotOpen(standing)
    connection.execute(
        update(invitation).where(invitation.c.handle == handle).values(taken_part=said)
    )
