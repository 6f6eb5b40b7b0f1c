"""The questionnaires a wave can ask, and uploading one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import make_response, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from forms.fields import cleaned
from forms.loader import LARGEST_FILE, QuestionnaireError, available
from forms.uploads import Upload, read_upload
from survey import access
from survey.desk import blueprint
from survey.guard import requires, signed_in_account
from survey.locale import desk_gettext as _
from survey.locale import request_languages
from survey.questionnaires import freeze_uploaded, keep
from survey.services import database, services

MOST_SHOWN = 50
"""Problems named at once; a file with more of them is mended step by step."""
LONGEST_NAME = 80


@blueprint.get("/questionnaires")
@requires("waves")
def show_questionnaires() -> str:
    """Those of the folder and those that were uploaded."""
    return _page()


def _page(**more: Any) -> str:
    with database().read() as connection:
        offered = services().library.offered(connection)
    return render_template(
        "desk/questionnaires.html",
        questionnaires=offered,
        names={code: language.name for code, language in request_languages().items()},
        most=MOST_SHOWN,
        **more,
    )


@blueprint.post("/questionnaires")
@requires("waves")
def upload_questionnaire() -> Response:
    """Check a file and keep it, or name everything that is wrong with it."""
    sent = request.files.get("file")
    raw = sent.read(LARGEST_FILE + 1) if sent else b""
    if not sent or not raw:
        return _refused([_("Bitte wählen Sie eine TOML-Datei aus.")])
    name = cleaned(sent.filename)[-LONGEST_NAME:] or "questionnaire.toml"
    try:
        upload = read_upload(raw, name, request_languages())
    except QuestionnaireError as error:
        return _refused(error.problems)
    if upload.questionnaire.id in available():
        problem = _(
            "Die Kennung „%(id)s“ hat schon ein mitgelieferter Fragebogen. Geben Sie in der Datei "
            "eine andere „id“ an.",
            id=upload.questionnaire.id,
        )
        return _refused([problem])
    _store(upload)
    return make_response(_page(uploaded=upload, missing=_shortened(upload.missing)))


def _refused(problems: Any) -> Response:
    return make_response(_page(problems=list(problems)), 422)


def _store(upload: Upload) -> None:
    account_id = signed_in_account().account_id
    frozen = freeze_uploaded(upload.questionnaire, upload.texts)
    note = f"version {upload.questionnaire.version}, {frozen.checksum[:12]}"

    def work(connection: Connection) -> None:
        keep(connection, frozen, uploaded=True)
        subject = upload.questionnaire.id
        access.log(connection, account_id, "questionnaire_uploaded", subject=subject, note=note)

    database().write(work)


def _shortened(missing: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {code: keys[:MOST_SHOWN] for code, keys in missing.items()}
