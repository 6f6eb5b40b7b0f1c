"""What all pages of a survey share: the blueprint, the wave and its Problems, the frame."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template
from sqlalchemy import Connection

from analysis.disclosure import THRESHOLD
from analysis.page_cells import cells_of
from analysis.survey_wave import SurveyWave, read_wave
from survey.guard import protect
from survey.locale import desk_gettext as _
from survey.messages import bands
from survey.problems import Problem
from survey.services import database, services

blueprint = Blueprint("analysis_survey", __name__, url_prefix="/<language>/desk/waves/<wave>")
protect(blueprint)
blueprint.add_app_template_global(cells_of)


def survey_called(slug: str) -> SurveyWave | None:
    """The wave of this name if it is read as a survey."""
    with database().read() as connection:
        wave = read_wave(connection, services().library, slug)
    return wave if wave and wave.is_survey else None


def refuse_survey(slug: str) -> None:
    """Raises the Problem that sends readers of a survey to its own pages."""
    wave = survey_called(slug)
    if wave:
        raise Problem(
            404,
            _("Diese Seite gibt es für diese Umfrage nicht."),
            _("Einträge, Texte und Bewertungen stehen auf eigenen Seiten."),
            link=(address(wave.slug), _("Zur Umfrage")),
        )


def address(slug: str, page: str = "") -> str:
    """The address of a wave's page."""
    return f"/{g.language.code}/desk/waves/{slug}/{page}"


def load_survey(connection: Connection, slug: str) -> SurveyWave:
    """The survey of this name; raises the Problem of an unknown wave or another kind of wave."""
    wave = read_wave(connection, services().library, slug)
    if wave is None:
        raise Problem(
            404,
            _("Diesen Durchgang gibt es nicht."),
            link=(f"/{g.language.code}/desk/", _("Alle Durchgänge")),
        )
    if not wave.is_survey:
        raise Problem(
            404,
            _("Diese Seite gibt es nur für Umfragen."),
            link=(address(slug), _("Zum Durchgang")),
        )
    return wave


def load_readable(connection: Connection, slug: str) -> SurveyWave:
    """The survey of this name; raises a Problem too while it is sealed."""
    wave = load_survey(connection, slug)
    if not wave.readable:
        raise Problem(
            404,
            _("Diese anonyme Umfrage ist noch versiegelt."),
            _("Vor dem Ende kann niemand ihre Antworten lesen oder zählen."),
            link=(address(slug), _("Zur Umfrage")),
        )
    return wave


def page(template: str, wave: SurveyWave, tab: str, **more: Any) -> str:
    """A page of a survey under one of its tabs."""
    return render_template(
        template,
        wave=wave,
        sample=wave.sample,
        tab=tab,
        threshold=THRESHOLD,
        band_names=bands(),
        titles={audience.key: audience.title for audience in wave.audiences},
        **more,
    )
