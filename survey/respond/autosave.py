"""Saving while somebody writes: what the script of a page of questions asks for, and nobody else.

It keeps what the button would keep, or refuses with a status and without a page: the button then
says what is wrong. It never decides between two versions and never opens a submitted sheet again.
"""

from __future__ import annotations

from flask import jsonify, make_response, request
from werkzeug.wrappers import Response

from survey import store
from survey.anonymous import TooLarge
from survey.database import Unavailable
from survey.respond import blueprint
from survey.respond.drawing import gone
from survey.respond.entries import too_many
from survey.respond.filling import form_of, part_of, section_of
from survey.respond.invited import load


@blueprint.post("/w/<wave>/<handle>/<step>/autosave", defaults={"entry": ""})
@blueprint.post("/w/<wave>/<handle>/<step>/<entry>/autosave")
def autosave(wave: str, handle: str, step: str, entry: str) -> Response:
    """The content hash of what is kept now, as JSON; else 4xx or 503."""
    invited = load(wave, handle)
    part = part_of(section_of(invited, step), entry)
    form = form_of(invited, part.section)()
    typed = form.answers()
    if not form.validate() or gone(part.section, typed) or too_many(invited, part, typed):
        return _refused(422)
    try:
        invited.save(part.keys, part.keyed(typed), request.form.get("base", ""), reopen=False)
    except store.NotOpen:
        return _refused(403)
    except store.Conflict:
        return _refused(409)
    except TooLarge:
        return _refused(422)
    except Unavailable:
        return _refused(503)
    return jsonify(base=store.content_hash(part.keyed(typed)))


def _refused(status: int) -> Response:
    return make_response("", status)
