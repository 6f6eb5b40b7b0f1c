"""Sections that repeat: the list of entries, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from forms.definition import Section
from forms.path import entry_answers, entry_ids, new_entry_id
from survey.locale import gettext as _
from survey.respond.drawing import Part, grace_notice, step_number
from survey.respond.invited import Invited, neighbours


def entry_list(invited: Invited, section: Section) -> str:
    """The entries a sheet has in a section that repeats, and the way to a further one."""
    draft = invited.standing.draft or {}
    before, after = neighbours(invited, draft, section.id)
    return render_template(
        "respond/entries.html",
        invited=invited,
        localised=invited.localised,
        section=section,
        entries=[(e, entry_answers(section, draft, e)) for e in entry_ids(section, draft)],
        fresh=new_entry_id(section, draft),
        before=before,
        after=after,
        step=step_number(invited.localised.questionnaire, section),
        offered=invited.frozen.languages,
        notice=grace_notice() if invited.standing.phase == "grace" else "",
    )


def too_many(invited: Invited, part: Part, typed: Mapping[str, Any]) -> str:
    """What is said when a sheet would get more entries than the questionnaire allows, or ""."""
    repeat, draft = part.section.repeat, invited.standing.draft or {}
    if repeat is None or not typed:
        return ""
    present = set(entry_ids(part.section, draft)) | {part.entry}
    if len(present) <= repeat.most:
        return ""
    return _(
        "Mehr als %(most)s Einträge passen nicht in einen Bogen. Bitte fassen Sie zusammen; Ihr "
        "Text steht noch hier.",
        most=repeat.most,
    )


def after_entry(invited: Invited, part: Part) -> Response:
    """The way on after saving an entry: to a further one, or back to the list."""
    wish, here = request.form.get("then", "next"), f"{invited.root}/{part.section.id}"
    with_this = {**(invited.standing.draft or {}), part.keys[0]: ""}
    repeat, number = part.section.repeat, len(entry_ids(part.section, with_this))
    if wish == "another" and repeat and number < repeat.most:
        return redirect(f"{here}/{new_entry_id(part.section, with_this)}", 303)
    if wish == "later":
        return redirect(f"{invited.root}/?saved=1", 303)
    this = f"{part.section.id}/{part.entry}"
    return in_language(wish, invited, this) or redirect(here, 303)


def in_language(wish: str, invited: Invited, step: str) -> Response | None:
    """The redirect to the same page in another language, if that is what was pressed."""
    code = wish.removeprefix("language:")
    if code == wish or code not in invited.frozen.languages:
        return None
    return redirect(f"/{code}{invited.rest}/{step}", 303)
