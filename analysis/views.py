"""The commissioner's pages of a wave: return and units, one unit, CSV.

pandas is imported at one place and late: a worker that only serves respondents never loads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, render_template, request, stream_with_context
from sqlalchemy import Connection

from analysis.evaluation.sections import WITHHELD, Part
from analysis.survey_views import refuse_survey, show_survey, survey_called
from forms.definition import Questionnaire
from survey import access
from survey.guard import protect, requires, signed_in_account
from survey.locale import day, last_day, preferred
from survey.locale import desk_gettext as _
from survey.messages import bands, kinds, no_sheet_reasons, promise_marks
from survey.outcome import read_outcome
from survey.problems import Problem
from survey.questionnaires import Frozen
from survey.services import database, services
from survey.standing import Standing, of_wave

if TYPE_CHECKING:
    from analysis.first_look import FirstLook

blueprint = Blueprint("analysis", __name__, url_prefix="/<language>/desk/waves/<wave>")
protect(blueprint)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A wave's invitations, its questionnaire, and the summaries made of them."""

    standings: list[Standing]
    frozen: Frozen
    look: FirstLook

    @property
    def first(self) -> Standing:
        """Any invitation: its wave's facts are those of all."""
        return self.standings[0]


def _load(slug: str) -> Loaded:
    from analysis.first_look import first_look  # noqa: PLC0415  # the one seam to pandas

    with database().snapshot() as connection:
        standings = of_wave(connection, slug)
        if not standings:
            raise _no_wave()
        frozen = services().library.stored(connection, standings[0].checksum)
        look = first_look(connection, services().library, standings[0].wave_id)
    return Loaded(standings, frozen, look)


def _no_wave() -> Problem:
    return Problem(
        404,
        _("Diesen Durchgang gibt es nicht, oder niemand ist eingeladen."),
        link=(f"/{g.language.code}/desk/", _("Alle Durchgänge")),
    )


def _localised(frozen: Frozen) -> Any:
    language = g.language.code if g.language.code in frozen.languages else preferred()
    return frozen.localised(language if language in frozen.languages else "de")


def _page(template: str, loaded: Loaded, tab: str, **more: Any) -> str:
    zone = services().config.zone
    return render_template(
        template,
        standing=loaded.first,
        sample=loaded.first.sample,
        questionnaire=_localised(loaded.frozen).questionnaire,
        look=loaded.look,
        tab=tab,
        opens=day(loaded.first.opens, zone),
        closes=last_day(loaded.first.closes, zone),
        band_names=bands(),
        reasons=no_sheet_reasons(),
        kinds=kinds(),
        states=state_names(),
        **more,
    )


def state_names() -> dict[str, str]:
    """The states of the return."""
    return {
        "submitted": _("abgegeben"),
        "begun": _("begonnen"),
        "invited": _("noch nicht geöffnet"),
        "no_sheet": _("kein Bogen"),
    }


@blueprint.get("/")
@requires("results")
def show_wave(wave: str) -> str:
    """Return, colours, and the table of units and categories; a survey has pages of its own."""
    survey = survey_called(wave)
    if survey:
        return show_survey(survey)
    loaded = _load(wave)
    from analysis import summary  # noqa: PLC0415  # behind the seam
    from analysis.first_look import rows  # noqa: PLC0415

    categories = [c.id for c in loaded.frozen.questionnaire.categories]
    table = summary.units_by_category(loaded.look.invitations, loaded.look.all_counts, categories)
    column, descending = request.args.get("sort", "code"), request.args.get("order") == "desc"
    ordered = summary.sorted_units(table, column, descending=descending)
    smaller = loaded.look.invitations[~loaded.look.invitations["named"]]
    return _page(
        "desk/wave.html",
        loaded,
        "units",
        rows=rows(ordered),
        smaller=rows(smaller),
        sort=column,
        descending=descending,
        possible=_possible(loaded.frozen.questionnaire),
    )


def _possible(questionnaire: Questionnaire) -> dict[str, int]:
    """The most points of each category: categories are compared as a share of what is possible."""
    return {
        category: sum(map(questionnaire.most_points, members))
        for category, members in questionnaire.members.items()
    }


@blueprint.get("/units/<handle>")
@requires("results")
def show_unit(wave: str, handle: str) -> str:
    """One unit: its return, its link, and its result where the wave's level allows it."""
    with database().snapshot() as connection:
        standings = of_wave(connection, wave)
        standing = next((s for s in standings if s.handle == handle), None)
        if standing is None:
            raise _no_wave()
        frozen = services().library.stored(connection, standing.checksum)
        readable = access.may_read_sheet(
            signed_in_account().role, standing.unit_kind, standing.named_kinds
        )
        comparison = _comparison(connection, standing) if readable else None
        outcome = (
            read_outcome(connection, services().library, standing, _localised(frozen), at_desk=True)
            if readable and standing.has_sheet
            else None
        )
    config = services().config
    return render_template(
        "desk/unit.html",
        wave=survey_called(wave),
        standing=standing,
        sample=standing.sample,
        readable=readable,
        outcome=outcome,
        comparison=comparison,
        withheld=WITHHELD,
        free=[s for s in standings if _can_take(s, standing)],
        closes=last_day(standing.ends, config.zone),
        submitted=day(standing.submitted, config.zone) if standing.submitted else "",
        band_names=bands(),
        marks=promise_marks(),
        reasons=no_sheet_reasons(),
        kinds=kinds(),
        states=state_names(),
        done=request.args.get("done", ""),
        tab="units",
    )


def _comparison(connection: Connection, standing: Standing) -> Part | None:
    """The unit beside the means of others, where its sheet is scored and they are enough."""
    if not standing.has_sheet or standing.points is None:
        return None
    from analysis.evaluation.office import Wave  # noqa: PLC0415  # behind the seam
    from analysis.evaluation.units import comparison  # noqa: PLC0415
    from analysis.numbers import read_chain  # noqa: PLC0415

    chain = read_chain(connection, services().library, standing.wave_slug)
    return comparison(Wave(chain, g.language.code, "internal"), standing.unit_id) if chain else None


def _can_take(target: Standing, standing: Standing) -> bool:
    """Whether `store.move` would give this unit's sheet to the target."""
    return (
        target.response_id is None
        and target.handle != standing.handle
        and target.audience == standing.audience
        and (standing.read_by_name or not target.read_by_name)
    )


@blueprint.get("/answers.csv")
@requires("results")
def answers_csv(wave: str) -> Response:
    """The named sheets as CSV: `?for=excel` or plain."""
    refuse_survey(wave)
    from analysis import counts  # noqa: PLC0415  # behind the seam
    from analysis.exports import answers_csv as written  # noqa: PLC0415

    for_excel = request.args.get("for") == "excel"
    with database().read() as connection:
        standings = of_wave(connection, wave)
        if not standings:
            raise _no_wave()
        frozen = services().library.stored(connection, standings[0].checksum)

    def pieces() -> Any:
        with database().snapshot() as connection:
            yield from written(
                frozen.questionnaire, counts.sheets(connection, wave), for_excel=for_excel
            )

    answer = Response(stream_with_context(pieces()), content_type="text/csv; charset=utf-8")
    suffix = "-excel" if for_excel else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="{wave}{suffix}.csv"'
    return answer
