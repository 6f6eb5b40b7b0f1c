"""Pages for links and surveys that are not open to the reader, each with the cure."""

from __future__ import annotations

from flask import g, request, session
from markupsafe import Markup, escape

from survey.locale import day, in_one_piece, last_day, office_name
from survey.locale import gettext as _
from survey.problems import Problem
from survey.services import services
from survey.standing import Standing


def not_in_language() -> Problem:
    """The page for a language in which a questionnaire is not complete."""
    return Problem(
        404,
        _("Diesen Fragebogen gibt es in dieser Sprache noch nicht."),
        link=(request.path.replace(f"/{g.language.code}/", "/de/", 1), "Deutsch"),
    )


def unknown_link() -> Problem:
    """The page for a link nobody can be found for."""
    return Problem(
        404,
        _("Diesen Link kennen wir nicht."),
        _(
            "Vielleicht fehlt ein Stück, oder er wurde durch einen neuen ersetzt. Kopieren Sie "
            "bitte den ganzen Link aus Ihrer neuesten Einladung in die Adresszeile."
        ),
        ask_office(),
    )


def revoked_link() -> Problem:
    """The page for a link that was replaced."""
    return Problem(
        410,
        _("Dieser Link gilt nicht mehr."),
        _(
            "Er wurde durch einen neuen ersetzt oder zurückgezogen. Was Sie gespeichert "
            "haben, ist nicht verloren: Es liegt hinter dem neuen Link."
        ),
        ask_office(),
    )


def ask_office() -> Markup:
    """Whom to ask, by function and office address."""
    config = services().config
    office = office_name(config.contact)
    if not config.contact_mail:
        return Markup(_("Fragen beantwortet: %(office)s.")) % {"office": office}  # noqa: S704  # ours
    said = Markup(_("Fragen beantwortet: %(office)s, %(mail)s."))  # noqa: S704  # as above
    return said % {"office": office, "mail": in_one_piece(config.contact_mail)}


def not_granted(standing: Standing) -> Problem:
    granted = session.get("links", {}).get(standing.handle)
    if granted is not None or standing.revoked:
        return revoked_link()
    return Problem(
        403,
        _("Bitte öffnen Sie zuerst Ihren persönlichen Link."),
        _(
            "Aus Sicherheitsgründen endet eine Sitzung, wenn der Browser geschlossen wird. "
            "Gespeichertes ist noch da: Öffnen Sie den Link aus Ihrer Einladung noch "
            "einmal."
        ),
        ask_office(),
    )


def not_open(standing: Standing) -> Problem:
    """The page while no answers are taken."""
    zone = services().config.zone
    if standing.phase == "not_yet":
        return Problem(
            403,
            _("Diese Erhebung hat noch nicht begonnen."),
            _("Sie öffnet am %(day)s.", day=day(standing.opens, zone))
            if standing.mode == "anonymous"
            else _(
                "Sie öffnet am %(day)s. Ihr Link gilt dann; bewahren Sie ihn bis dahin auf.",
                day=day(standing.opens, zone),
            ),
        )
    way_on = (
        (f"/{g.language.code}/w/{standing.wave_slug}/{standing.handle}/result", _("Ihr Ergebnis"))
        if standing.has_sheet
        else None
    )
    return Problem(
        403,
        _("Diese Erhebung ist geschlossen."),
        _("Antworten waren bis einschließlich %(day)s möglich.", day=last_day(standing.ends, zone)),
        ask_office()
        if standing.mode == "anonymous"
        else escape(_("Möchten Sie noch antworten, bitten Sie um eine Verlängerung.") + " ")
        + ask_office(),
        link=way_on,
    )


def unknown_survey() -> Problem:
    """The page for an open survey nobody can find."""
    return Problem(
        404,
        _("Diese Befragung kennen wir nicht."),
        _("Vielleicht fehlt ein Stück der Adresse. Bitte geben Sie sie vollständig ein."),
        ask_office(),
    )
