"""Pages of a respondent: link, sections, check answers, result, and the open „nur für uns"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from survey.locale import SOURCE_LANGUAGE, choose, gettext, listed, preferred, request_languages
from survey.problems import Problem

blueprint = Blueprint("respond", __name__, url_prefix="/<language>")


def choose_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the language out of the address; an unknown one gets a page that names the known."""
    code = (values or {}).pop("language", SOURCE_LANGUAGE)
    known = request_languages()
    if code not in known:
        choose(known[preferred()])
        names = listed([language.name for language in known.values()])
        raise Problem(
            404,
            gettext("Diese Seite gibt es nicht."),
            gettext("Am Anfang der Adresse steht die Sprache. Es gibt: %(names)s.", names=names),
            link=(f"/{g.language.code}/", gettext("Zur Startseite")),
        )
    choose(known[code])


blueprint.url_value_preprocessor(choose_language)

from survey.respond import (  # noqa: E402  # routes
    about,  # noqa: F401
    autosave,  # noqa: F401
    filling,  # noqa: F401
    finishing,  # noqa: F401
    only_us,  # noqa: F401
    open,  # noqa: F401
    printing,  # noqa: F401
    promises,  # noqa: F401
    start,  # noqa: F401
    take_away,  # noqa: F401
)
