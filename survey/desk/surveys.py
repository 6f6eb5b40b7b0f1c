"""Making a barrier survey: a wave of several audiences, by name or anonymous."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from forms.definition import Mode
from forms.fields import cleaned
from survey import access
from survey.desk import blueprint
from survey.desk.audience_rows import (
    ROWS,
    AudienceRow,
    audiences,
    choices,
    read_rows,
    row_errors,
)
from survey.desk.wave_form import (
    Errors,
    Kind,
    date_of,
    known_kinds,
    length_errors,
    name_errors,
    period_errors,
    staff_council_errors,
    today,
)
from survey.guard import requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.messages import kinds
from survey.questionnaires import Offered
from survey.services import database, services
from survey.waves import WavePlan, make_wave

MODES: dict[str, Mode] = {"named": "named", "anonymous": "anonymous"}


@dataclass(frozen=True, slots=True)
class Sent:
    """The form as it was sent, and what it may choose from."""

    given: Mapping[str, str]
    rows: Sequence[AudienceRow]
    offered: Mapping[str, Offered]
    present: Mapping[str, Kind]

    @property
    def mode(self) -> Mode | None:
        """The chosen mode, or None."""
        return MODES.get(self.given.get("mode", ""))

    @property
    def described(self) -> list[AudienceRow]:
        """The rows in which something stands."""
        return [row for row in self.rows if not row.empty]

    @property
    def asks_offices(self) -> bool:
        """Whether somebody inside the administration is invited."""
        ticked = {kind for row in self.described for kind in row.kinds}
        return any(kind in self.present and self.present[kind].inside for kind in ticked)


@blueprint.get("/waves/new-survey")
@requires("waves")
def show_new_survey() -> str:
    """The form for a new survey; the mode is left to choose, because it stays."""
    first = today()
    given = {
        "title": f"Befragung zu Zugangshemmnissen {first.year}",
        "slug": f"zugangshemmnisse-{first.year}",
        "first_day": first.isoformat(),
    }
    with database().read() as connection:
        return _page(connection, given, [AudienceRow(n) for n in range(1, ROWS + 1)], [])


def _page(
    connection: Connection,
    given: Mapping[str, str],
    rows: Sequence[AudienceRow],
    errors: list[tuple[str, str]],
) -> str:
    return render_template(
        "desk/new_survey.html",
        given=given,
        rows=rows,
        errors=errors,
        faulty=dict(errors),
        present=known_kinds(connection),
        kinds=kinds(),
        choices=choices(services().library.offered(connection)),
    )


@blueprint.post("/waves/new-survey")
@requires("waves")
def create_survey() -> Response:
    """Make the survey, or give the form back with every mistake named."""
    given = {name: cleaned(value) for name, value in request.form.items()}
    with database().read() as connection:
        offered, present = services().library.offered(connection), known_kinds(connection)
        sent = Sent(given, read_rows(request.form), offered, present)
        if request.form.get("show"):
            return make_response(_page(connection, given, sent.rows, []))
        errors = list(_errors(connection, sent))
        plan = None if errors else _plan(sent)
        if plan is None:
            return make_response(_page(connection, given, sent.rows, errors), 422)
    account_id, config = signed_in_account().account_id, services().config

    def make(connection: Connection) -> int:
        invited = make_wave(connection, plan, config.zone, config.link_key)
        access.log(
            connection, account_id, "wave_made", subject=plan.slug, note=_note(plan, invited)
        )
        return invited

    # Where nobody is invited, what comes next are the open addresses.
    further = "/" if database().write(make) else "/settings"
    return redirect(f"/{g.language.code}/desk/waves/{plan.slug}{further}", 303)


def _errors(connection: Connection, sent: Sent) -> Errors:
    """Every mistake of the form."""
    yield from name_errors(connection, sent.given)
    if sent.mode is None:
        yield "mode", _("Bitte wählen Sie, ob namentlich oder anonym geantwortet wird.")
    closings = {row.field("last_day"): date_of(row.last_day) for row in sent.described}
    yield from period_errors(connection, date_of(sent.given.get("first_day")), closings)
    yield from row_errors(sent.described, sent.offered, sent.mode, sent.present)
    if sent.asks_offices:
        yield from staff_council_errors(sent.given)
    yield from length_errors(sent.given)


def _plan(sent: Sent) -> WavePlan | None:
    first = date_of(sent.given.get("first_day"))
    if first is None or sent.mode is None:
        return None
    found = audiences(sent.described, sent.offered, sent.mode, sent.present)
    named = sent.mode == "named"
    return WavePlan(
        slug=sent.given["slug"],
        title=sent.given["title"],
        first_day=first,
        audiences=found,
        named_kinds=[kind for each in found for kind in each.kinds] if named else [],
        report_names_units=named and sent.given.get("report_names_units") == "1",
        staff_council_note=sent.given.get("staff_council_note", ""),
        mode=sent.mode,
        codes_required=not named and sent.given.get("codes_required") == "1",
        further_readers=sent.given.get("further_readers", ""),
    )


def _note(plan: WavePlan, invited: int) -> str:
    asked = ", ".join(f"{each.key} {each.frozen.checksum[:12]}" for each in plan.audiences)
    codes = " with codes" if plan.codes_required else ""
    return f"{plan.mode}{codes}, {invited} invitations, {asked}"
