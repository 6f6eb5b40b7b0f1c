"""What every public service has to say about itself: accessibility, data protection, imprint."""

from __future__ import annotations

from datetime import date

from flask import render_template

from survey.anonymous import DRAFT_DAYS
from survey.locale import COOKIE_SECONDS, long_date, request_languages
from survey.locale import gettext as _
from survey.respond import blueprint

CHECKED_ON = date(2026, 11, 21)
"""When the statement of accessibility was last gone through; a test asks for a newer date whenever
its text or the list of gaps changes."""


def known_gaps() -> list[str]:
    """What is not accessible yet, a sentence each."""
    gaps = [
        _(
            "Es gibt noch kein Video in Deutscher Gebärdensprache und keine Fassung in Leichter "
            "Sprache nach festen Regeln. Es gibt leicht verständliches Deutsch."
        ),
        _(
            "Mit Menschen, die ein Programm zum Vorlesen oder andere Hilfsmittel benutzen, wurde "
            "noch nicht getestet."
        ),
        _(
            "Am Schreibtisch der Beauftragten muss man breite Tabellen auf schmalen Bildschirmen "
            "zur Seite schieben. Die Word- und PowerPoint-Dateien dort sind nicht geprüft."
        ),
    ]
    gaps.append(
        _(
            "Was die Stadt selbst eingetragen hat, zum Beispiel das Impressum, steht nur auf "
            "Deutsch da."
        )
    )
    if not all(language.reviewed for language in request_languages().values()):
        gaps.append(_("Viele Übersetzungen hat noch niemand geprüft, der so spricht."))
    return gaps


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The statement of accessibility."""
    return render_template(
        "about/accessibility.html",
        gaps=known_gaps(),
        checked_on=long_date(CHECKED_ON),
        offered=list(request_languages()),
    )


@blueprint.get("/privacy")
def privacy() -> str:
    """What happens to what people enter, in the words of Article 13 GDPR made short."""
    return render_template(
        "about/privacy.html",
        draft_days=DRAFT_DAYS,
        language_days=COOKIE_SECONDS // (24 * 3600),
        offered=list(request_languages()),
    )


@blueprint.get("/imprint")
def imprint() -> str:
    """Who offers this service."""
    return render_template("about/imprint.html", offered=list(request_languages()))
