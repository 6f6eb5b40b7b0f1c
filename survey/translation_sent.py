"""One text as translators sent it back, beside the catalogue: what is new, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from babel.messages.catalog import Catalog, Message

from survey.catalogue_checks import misfit, numbers_served
from survey.catalogues import forms_of, is_translated, mark, mark_of
from survey.glossary import Term, Word
from survey.translation_file import Cell, Filled
from survey.translation_rows import form_of, in_words, normalised, number_of_forms
from survey.translation_sheet import YES

Fault = tuple[Cell, str]
"""Where something is wrong, and the reason with its cure."""

UNSAFE_TEXT = (
    'enthält " < > oder &, was das Deutsche nicht hat; weglassen oder die Anführungszeichen der '
    "Sprache nehmen, Texte stehen da, wie sie sind"
)


@dataclass(slots=True)
class Sent:
    """A message of a catalogue and the rows about it, by plural form."""

    message: Message
    catalogue: Catalog
    rows: dict[int, Filled] = field(default_factory=dict)

    @property
    def forms(self) -> tuple[str, ...]:
        """The translation as it would be: what was written, else what is there."""
        count = number_of_forms(self.message, self.catalogue)
        return tuple(self.written(form) or self.kept(form) for form in range(count))

    def written(self, form: int) -> str:
        """What the sheet says for a form, empty where it says nothing."""
        return normalised(self.rows[form].translation.text) if form in self.rows else ""

    def kept(self, form: int) -> str:
        """What the catalogue has for a form of the present German text."""
        return "" if self.message.fuzzy else form_of(self.message, form)

    def is_new(self, form: int) -> bool:
        """Whether the sheet says something else than the catalogue."""
        return self.written(form) not in ("", normalised(self.kept(form)))

    @property
    def is_changed(self) -> bool:
        """Whether any form is new."""
        return any(map(self.is_new, self.rows))

    @property
    def is_reviewed(self) -> bool:
        """Whether every form is said to be good."""
        return len(self.rows) == len(self.forms) and all(map(says_yes, self.rows.values()))

    @property
    def becomes_reviewed(self) -> bool:
        """Whether the sheet says so first, or of a new text."""
        known = mark_of(self.message)
        was_reviewed = known is not None and known.status == "reviewed"
        return self.is_reviewed and (self.is_changed or not was_reviewed)


def says_yes(row: Filled) -> bool:
    """Whether somebody has chosen „ja“ beside a translation."""
    return row.reviewed.text.strip().casefold() == YES


def apply(sent: Sent) -> None:
    """Put what is new into the message of the catalogue."""
    message = sent.message
    if sent.is_changed:
        several = isinstance(message.id, tuple | list)
        message.string = sent.forms if several else sent.forms[0]
        message.flags.discard("fuzzy")
        message.previous_id = []
        mark(message, "translated")
    if sent.becomes_reviewed and is_translated(message):
        mark(message, "reviewed")


def faults(sent: Sent) -> Iterator[Fault]:
    """Everything that keeps a text from being taken in."""
    for form, row in sent.rows.items():
        unreadable = [cell for cell in (row.translation, row.reviewed) if cell.fault]
        yield from ((cell, cell.fault) for cell in unreadable)
        if not unreadable:
            yield from _review_faults(row)
            if sent.is_new(form) or says_yes(row):
                yield from _text_faults(sent, form, row.translation)
    if sent.is_changed:
        yield from _missing_forms(sent)


def _review_faults(row: Filled) -> Iterator[Fault]:
    answer = row.reviewed.text.strip()
    if answer and not says_yes(row):
        yield row.reviewed, f"„{answer[:20]}“ ist keine Antwort; „{YES}“ wählen oder leeren"
    elif answer and not normalised(row.translation.text):
        yield row.reviewed, f"„{YES}“ ohne Übersetzung; übersetzen oder die Zelle leeren"


def _text_faults(sent: Sent, form: int, cell: Cell) -> Iterator[Fault]:
    found = misfit(sent.message, form, sent.written(form), sent.catalogue)
    for placeholder in found.lost:
        yield cell, f"Platzhalter {placeholder} fehlt; genau so wie im deutschen Text einfügen"
    for placeholder in found.invented:
        yield cell, _invented(placeholder)
    if found.has_tag:
        yield cell, UNSAFE_TEXT


def _invented(placeholder: str) -> str:
    if placeholder.startswith("%("):
        return f"Platzhalter {placeholder} gibt es im deutschen Text nicht; entfernen"
    return "das Zeichen % steht nicht im deutschen Text; entfernen oder „Prozent“ ausschreiben"


def _missing_forms(sent: Sent) -> Iterator[Fault]:
    rows, served = sent.rows, numbers_served(sent.catalogue)
    for form, text in enumerate(sent.forms):
        if not text:
            cell = rows[form].translation if form in rows else next(iter(rows.values())).key
            numbers = in_words(served[form])
            yield cell, f"Form für die Zahlen {numbers} fehlt; alle Formen dieses Textes ausfüllen"


def notices(sent: Sent, glossary: tuple[tuple[Term, Word], ...]) -> Iterator[Fault]:
    """What does not keep a text out and should be looked at."""
    if not sent.is_changed and not sent.becomes_reviewed:
        return
    cell = next(iter(sent.rows.values())).translation
    german, text = " ".join(forms_of(sent.message.id)), " ".join(sent.forms)
    for term, word in glossary:
        if term.is_in(german) and not word.is_in(text):
            yield cell, f"Glossar: „{term.german}“ heißt sonst „{word.target}“"
    if not sent.is_reviewed and any(map(says_yes, sent.rows.values())):
        yield cell, "nicht alle Formen sind als geprüft bezeichnet; der Text gilt als übersetzt"
