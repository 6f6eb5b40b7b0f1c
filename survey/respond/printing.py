"""What is printed: the empty questionnaire and the poster of an open survey, in every language."""

from __future__ import annotations

from flask import render_template

from survey.locale import current, last_day
from survey.locale import gettext as _
from survey.qr import qr_code
from survey.questionnaires import Frozen
from survey.respond import blueprint
from survey.respond.invited import Invited, behind, load, open_audience
from survey.respond.only_us import published
from survey.respond.open import codes_required
from survey.respond.refusals import not_open
from survey.services import services


def _sheet(frozen: Frozen, back: str, *, sample: bool = False) -> str:
    localised = frozen.localised(current().code)
    return render_template(
        "respond/print.html",
        localised=localised,
        questionnaire=localised.questionnaire,
        offered=frozen.languages,
        back=back,
        sample=sample,
    )


@blueprint.get("/w/<wave>/<handle>/print")
def print_invited(wave: str, handle: str) -> str:
    """What somebody with a personal link is asked."""
    invited = load(wave, handle)
    return _sheet(invited.frozen, f"{invited.root}/", sample=invited.standing.sample)


def _open_now(wave: str, audience: str) -> Invited:
    """An audience of an open survey while it can be answered; raises Problem."""
    here = behind(open_audience(wave, audience))
    if here.standing.phase in ("not_yet", "closed"):
        raise not_open(here.standing)
    return here


@blueprint.get("/o/<wave>/<audience>/print")
def print_open(wave: str, audience: str) -> str:
    """What an audience is asked in a survey without personal links."""
    here = _open_now(wave, audience)
    return _sheet(here.frozen, here.start, sample=here.standing.sample)


@blueprint.get("/o/<wave>/<audience>/poster")
def poster(wave: str, audience: str) -> str:
    """How to get to an open survey, for a notice board; a group may print it itself."""
    here = _open_now(wave, audience)
    config = services().config
    address = f"{config.public_url}{here.start}"
    return render_template(
        "respond/poster.html",
        here=here,
        standing=here.standing,
        offered=here.frozen.languages,
        address=address,
        codes_required=codes_required(here.standing),
        qr=qr_code(address, _("QR-Code mit dieser Adresse")),
        last_day=last_day(here.standing.ends, config.zone),
    )


@blueprint.get("/only-us/<questionnaire>/print")
def print_only_us(questionnaire: str) -> str:
    """The self-check that stores nothing."""
    return _sheet(published(questionnaire), f"/{current().code}/only-us/{questionnaire}")
