"""Words that several pages share: colours, reasons, marks. All in the reader's language."""

from __future__ import annotations

from survey.locale import gettext as _


def bands() -> dict[str, str]:
    """Names of the colours."""
    return {"red": _("Rot"), "yellow": _("Gelb"), "green": _("Grün")}


def no_sheet_reasons() -> dict[str, str]:
    """Reasons for handing in no sheet, as offered to a unit and counted at the desk."""
    return {
        "no_contact": _("Wir haben keinen Bürgerkontakt."),
        "with_other": _("Wir antworten gemeinsam mit einer anderen Organisationseinheit."),
        "declined": _("Wir möchten nicht teilnehmen."),
        "other": _("Ein anderer Grund"),
    }


def promise_marks() -> dict[str, str]:
    """What may have become of a promise."""
    return {
        "done": _("umgesetzt"),
        "in_progress": _("in Umsetzung"),
        "open": _("offen"),
        "dropped": _("entfällt"),
    }


def kinds() -> dict[str, str]:
    """Kinds of units the service knows a name for."""
    return {
        "geschaeftsbereich": _("Geschäftsbereich"),
        "amt": _("Amt"),
        "abteilung": _("Abteilung"),
        "sachgebiet": _("Sachgebiet"),
        "eigenbetrieb": _("Eigenbetrieb"),
        "beauftragte": _("Beauftragte"),
        "stadtbezirke": _("Stadtbezirke"),
        "untereinheit": _("Untereinheit"),
        "leitung": _("Leitung"),
        "traeger": _("Träger der Integrationsarbeit"),
        "arbeitsgruppe": _("Arbeitsgruppe"),
        "verein": _("Verein oder Initiative"),
        "beirat": _("Beirat"),
        "buendnis": _("Bündnis"),
        "extern": _("außerhalb der Stadtverwaltung"),
        "gremium": _("Gremium"),
        "politik": _("Politik"),
        "personalvertretung": _("Personalvertretung"),
        "unklar": _("unklar"),
    }
