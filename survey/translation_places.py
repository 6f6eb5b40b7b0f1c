"""Where a text stands, in words of people who translate and have never seen a file of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message

from forms.loader import DEFINITIONS, available, load
from forms.texts import context, source_texts
from survey.catalogues import forms_of

PAGES = (
    ("survey/templates/respond/print.html", "Fragebogen zum Ausdrucken"),
    ("survey/templates/respond/poster.html", "Aushang"),
    ("survey/templates/respond/home.html", "Startseite"),
    ("survey/templates/respond/link.html", "Erste Seite eines persönlichen Links"),
    ("survey/templates/respond/not_us.html", "„Das sind wir nicht“"),
    ("survey/templates/respond/open_", "Erste Seite einer offenen Befragung"),
    ("survey/respond/open.py", "Offene Befragung"),
    ("survey/templates/respond/only_us", "„Nur für Ihr Team“"),
    ("survey/respond/only_us.py", "„Nur für Ihr Team“"),
    ("survey/templates/respond/overview.html", "Übersicht des Bogens"),
    ("survey/templates/respond/check.html", "Antworten prüfen"),
    ("survey/templates/respond/promises.html", "Frühere Vorhaben"),
    ("survey/respond/promises.py", "Frühere Vorhaben"),
    ("survey/templates/respond/no_sheet.html", "Kein Bogen"),
    ("survey/templates/respond/taken_part.html", "„Wir haben teilgenommen“"),
    ("survey/templates/respond/entr", "Einträge"),
    ("survey/templates/respond/result.html", "Ergebnis"),
    ("survey/templates/respond/overseen.html", "Ergebnis einer kleineren Einheit"),
    ("survey/templates/shared/outcome.html", "Ergebnis"),
    ("survey/templates/respond/take_away.html", "Ergebnis als PDF"),
    ("survey/respond/take_away.py", "Ergebnis als PDF"),
    ("analysis/documents/unit_words.py", "Ergebnis als PDF"),
    ("analysis/unit_result.py", "Ergebnis als PDF"),
    ("survey/templates/about/accessibility.html", "Erklärung zur Barrierefreiheit"),
    ("survey/templates/about/imprint.html", "Impressum"),
    ("survey/templates/about/privacy.html", "Datenschutz"),
    ("survey/templates/layout.html", "Kopf und Fuß jeder Seite"),
    ("survey/templates/shared/languages.html", "Auswahl der Sprache"),
    ("survey/templates/problem.html", "Fehlerseite"),
    ("survey/problems.py", "Fehlerseite"),
    ("survey/protection.py", "Fehlerseite"),
    ("survey/respond/refusals.py", "Befragung ist nicht offen"),
    ("forms/fields.py", "Meldung unter einem Feld"),
    ("survey/messages.py", "Wörter auf mehreren Seiten"),
    ("survey/templates/desk/", "Schreibtisch der Beauftragten"),
    ("survey/desk/", "Schreibtisch der Beauftragten"),
    ("survey/guard.py", "Schreibtisch der Beauftragten"),
    ("analysis/", "Auswertung und Berichte"),
    ("survey/", "Seiten des Fragebogens"),
)
"""Beginnings of file names, the more special first."""
OTHER = "Übrige Texte"
PARTS = {
    "sections": "Seite",
    "questions": "Frage",
    "options": "Antwort",
    "scales": "Skala",
    "categories": "Kategorie",
    "variants": "Fassung",
    "todos": "Punkt der To-do-Liste",
    "terms": "Begriff",
    "advice": "Hinweis zu",
    "repeat": "Einträge",
    "head": "Kopf",
    "contact": "Ansprechstelle",
}
LEAVES = {
    "text": "",
    "title": "Titel",
    "short_title": "Kurzer Titel",
    "result_title": "Titel des Ergebnisses",
    "introduction": "Einleitung",
    "help": "Hilfetext",
    "other_text": "Feld für eigene Worte",
    "thanks": "Dank",
    "todo_source": "Quelle der To-do-Liste",
    "term": "das Wort",
    "entry": "Name eines Eintrags",
    "first": "Knopf für den ersten Eintrag",
    "add": "Knopf für weitere Einträge",
    "unit": "Organisationseinheit",
    "date": "Datum",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands; `order` sorts texts as people meet them; `required` to be offered."""

    words: str
    order: tuple[int, int, str]
    required: bool = False


def questionnaire_places(definitions: Path = DEFINITIONS) -> dict[str, Place]:
    """The place of every text of every questionnaire by its gettext context."""
    return dict(_questionnaire_places(definitions))


def _questionnaire_places(definitions: Path) -> Iterator[tuple[str, Place]]:
    for number, path in enumerate(available(definitions).values()):
        questionnaire = load(path)
        sources = source_texts(questionnaire)
        texts = {source.key: source.text for source in sources}
        for position, source in enumerate(sources):
            words = f"Fragebogen „{questionnaire.short_title}“: {_in_words(source.key, texts)}"
            place = Place(words, (number, position, ""), not source.may_fall_back)
            yield context(questionnaire.id, source.key), place


def _in_words(key: str, texts: Mapping[str, str]) -> str:
    """„sections.sprache.questions.q1.text" as „Seite „Sprache", Frage q1"."""
    *above, leaf = key.split(".")
    words = []
    while above:
        part = above.pop(0)
        # A repeating section, head and contact have no names of their own.
        name = above.pop(0) if above and part != "repeat" else ""
        words.append(f"{PARTS.get(part, part)} {_named(key, part, name, texts)}".strip())
    return ", ".join([*words, LEAVES.get(leaf, leaf)]).removesuffix(", ")


def _named(key: str, part: str, name: str, texts: Mapping[str, str]) -> str:
    start = f"{key.partition(f'{part}.{name}.')[0]}{part}.{name}"
    title = texts.get(f"{start}.title") or texts.get(f"{start}.term")
    return f"„{title}“" if title and f"{start}.title" != key else name


def page_place(message: Message) -> Place:
    """The place of a text of the pages: that of the first file that has it."""
    path = next((file for file, _line in message.locations), "")
    number, words = next(
        ((number, words) for number, (start, words) in enumerate(PAGES) if path.startswith(start)),
        (len(PAGES), OTHER),
    )
    # Behind all questionnaires.
    return Place(words, (1_000 + number, 0, forms_of(message.id)[0]))
