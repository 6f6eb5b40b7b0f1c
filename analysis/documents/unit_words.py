"""The fixed words of a unit's document, in its respondents' language."""

from __future__ import annotations

from analysis.documents.unit_sheet import UnitSheet
from survey.locale import current
from survey.locale import gettext as _


def words(sheet: UnitSheet) -> dict[str, str]:
    """Headings and labels; those the result page has too are the same messages."""
    return {
        "title": _("Ihr Ergebnis"),
        "total": _("Gesamtzahl"),
        "of": _("von %(possible)s Punkten", possible=sheet.possible),
        "day": _("Abgegeben am"),
        "receipt": _("Quittung %(receipt)s", receipt="{receipt}"),
        "hidden_red": _("Die grüne Gesamtzahl verdeckt etwas:"),
        "points_by": _("Punkte je Frage und Kategorie"),
        "statement": _("Frage"),
        "answer": _("Ihre Antwort"),
        "points": _("Punkte"),
        "before": _("Zuvor"),
        "pointed_out": _("beachten"),
        "scale": _(
            "%(points)s von %(possible)s Punkten: %(band)s",
            points=sheet.total,
            possible=sheet.possible,
            band=sheet.band_word,
        ),
        "todos": _("Was als Nächstes hilft"),
        "comparison": _("Im Vergleich"),
        "own": _("Sie"),
        "others": _("Mittel der anderen"),
        "count": _("Zahl der anderen"),
        "history": _("Frühere Ergebnisse"),
        "wave": _("Durchgang"),
        "colour": _("Farbe"),
        "not_comparable": _("nicht vergleichbar: Der Wortlaut hat sich geändert."),
        "promises": _("Was Sie zugesagt hatten"),
        "promise": _("Zusage"),
        "mark": _("Stand"),
        "listings": _("Maßnahmen und nächste Schritte"),
        "none_written": _("Keine Angabe"),
        "page": _("Seite %(page)s von %(pages)s", page="{page}", pages="{pages}"),
        "sample": _("„Musterstadt“ ist erfunden, alle Antworten sind es auch."),
        "unreviewed": ""
        if current().reviewed
        else _(
            "Diese Übersetzung hat noch niemand geprüft, der mit der Sprache aufgewachsen ist. "
            "Im Zweifel gilt der deutsche Text."
        ),
    }
