"""What the files of a wave are, in words: read from their names, which `making` gives them."""

from __future__ import annotations

from dataclasses import dataclass

from survey.locale import desk_gettext as _


@dataclass(frozen=True, slots=True)
class Offered:
    """A file as the page tells of it; `language` is "" where it is in none, `order` its place."""

    title: str
    about: str
    language: str
    order: tuple[int, str, str]


def offered(name: str, slug: str) -> Offered:
    """What a file of a wave is; a picture of the page has no title."""
    rest = name.removeprefix(f"{slug}-")
    stem, _dot, ending = rest.partition(".")
    kind, _dash, more = stem.partition("-")
    language, _dash, variant = more.partition("-")
    known = _kinds()
    for place, (key, (title, about)) in enumerate(known.items()):
        if key in (f"{kind}.{ending}", f"{kind}-{variant}.{ending}"):
            return Offered(title, about, language, (place, language, name))
    return Offered("", "", "", (len(known), "", name))


def _kinds() -> dict[str, tuple[str, str]]:
    """Title and purpose by kind and ending, in the order they are offered."""
    return {
        "report.pdf": (
            _("Bericht (PDF)"),
            _("Eine Seite für die Spitze, dann alle Auswertungen und die Methode. Barrierefrei."),
        ),
        "report.docx": (_("Bericht zum Bearbeiten (Word)"), _("Derselbe Bericht als DOCX.")),
        "slides.pptx": (
            _("Folien (PowerPoint)"),
            _("Mit Diagrammen, die sich in PowerPoint bearbeiten lassen."),
        ),
        "public.pdf": (
            _("Öffentliche Zusammenfassung (PDF)"),
            _("Eine Seite ohne einzelne Einheiten, kleine Gruppen geschützt."),
        ),
        "results.xlsx": (
            _("Ergebnisse (Excel)"),
            _("Alle Tabellen mit Diagrammen, Antworten, Codebuch und Hinweise."),
        ),
        "tables-excel.csv": (_("Tabellen als CSV für Excel"), _("Semikolon, Dezimalkomma.")),
        "tables.csv": (_("Tabellen als CSV"), _("Für Programme: Komma, Dezimalpunkt.")),
        "results.json": (_("Ergebnisse als JSON"), _("Für Programme; beschrieben in der Doku.")),
        "figures.zip": (_("Diagramme (SVG und PNG)"), _("Zum Einfügen in eigene Dokumente.")),
        "answers.sav": (_("Antworten für SPSS"), _("Mit Beschriftungen und Messniveaus.")),
        "answers.parquet": (_("Antworten als Parquet"), _("Für R, Python und Ähnliches.")),
    }
