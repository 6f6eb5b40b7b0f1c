"""The rows of a sheet for translators: one for every form of every text of a language.

A row has a key that says which language, domain, German text and form it belongs to. A key nobody
has changed proves itself by its last letters, so that a row of another language, or one whose
German text has changed since, is told from a damaged one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from survey.catalogue_checks import NUMBERS, is_stale, numbers_served, placeholders
from survey.catalogues import (
    DomainRule,
    checksum,
    forms_of,
    is_translated,
    key_of,
    mark_of,
    messages,
    read,
    targets,
)
from survey.glossary import Term, Word, terms, words
from survey.locale import TRANSLATIONS, Language, languages
from survey.translation_places import Place, page_place, questionnaire_places

KEY = re.compile(r"([\w-]+):([a-z]+):([0-9a-f]{8}):(\d):([0-9a-f]{6})")
STATUS = {"translated": "übersetzt", "reviewed": "geprüft"}
OPEN, OUTDATED = "offen", "veraltet"
HELP_LANGUAGE = "en"
LONGEST_CELL = 32_767
"""In units of UTF-16, as spreadsheet programs count."""
RICH = re.compile(r"<r>.*</r>", re.DOTALL)
"""What XlsxWriter would write as formatted text instead of as it is."""
SHOWN_RANGES = 3


class CannotExport(Exception):
    """There is nothing a translator could work on; the message says the cure."""


@dataclass(frozen=True, slots=True)
class RowKey:
    """Which form of which German text of which catalogue a row is."""

    language: str
    domain: str
    checksum: str
    form: int

    def __str__(self) -> str:
        """As it stands in the sheet."""
        start = f"{self.language}:{self.domain}:{self.checksum}:{self.form}"
        return f"{start}:{hashlib.sha256(start.encode()).hexdigest()[:6]}"


def parse_key(text: str) -> RowKey | None:
    """The key a cell holds; None where somebody has changed it."""
    match = KEY.fullmatch(text)
    if match is None:
        return None
    language, domain, of_german, form, _proof = match.groups()
    key = RowKey(language, domain, of_german, int(form))
    return key if str(key) == text else None


@dataclass(frozen=True, slots=True)
class Row:
    """One form of one text as translators see it; `text` is empty where it is to be written."""

    key: RowKey
    place: str
    numbers: str
    german: str
    english: str
    earlier_german: str
    earlier: str
    text: str
    status: str
    hint: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What the rows of one catalogue are made from."""

    language: Language
    domain: DomainRule
    catalogue: Catalog
    english: Mapping[tuple[str, ...], Message]
    places: Mapping[str, Place]
    glossary: tuple[tuple[Term, Word], ...]


def rows(code: str, folder: Path = TRANSLATIONS) -> list[Row]:
    """The rows of a language: questionnaires in the order they are read, then the pages, the desk.

    Raises:
        CannotExport: there is no such language, or its catalogues are older than the sources.
    """
    if not any(language.code == code for _domain, language, _path in targets(folder)):
        known = ", ".join(each for each in languages(folder) if each != "de")
        raise CannotExport(f"Die Sprache {code} gibt es nicht; bekannt: {known}")
    places = questionnaire_places()
    found: list[Row] = []
    for domain, language, path in targets(folder):
        if language.code == code:
            source = _Source(
                language,
                domain,
                _fresh(domain, language, path),
                _english(domain, folder) if code != HELP_LANGUAGE else {},
                places,
                glossary(path.parent.parent),
            )
            found += _rows_of(source)
    return found


def glossary(home: Path) -> tuple[tuple[Term, Word], ...]:
    """The terms a language has a word for, with that word; `home` is its folder."""
    own = words(home)
    return tuple((term, own[term.german]) for term in terms(home.parent) if term.german in own)


def _fresh(domain: DomainRule, language: Language, path: Path) -> Catalog:
    catalogue = read(path, language)
    if is_stale(domain, catalogue):
        raise CannotExport(
            f"{language.code}: Der Katalog ist älter als die deutschen Texte; "
            "zuerst `zugangscheck translations update`"
        )
    return catalogue


def _english(domain: DomainRule, folder: Path) -> dict[tuple[str, ...], Message]:
    for each, language, path in targets(folder):
        if each == domain and language.code == HELP_LANGUAGE:
            return {key_of(m): m for m in messages(read(path, language)) if is_translated(m)}
    return {}


def _rows_of(source: _Source) -> Iterator[Row]:
    placed = [
        (source.places.get(message.context or "") or page_place(message), message)
        for message in messages(source.catalogue)
    ]
    for place, message in sorted(placed, key=lambda each: each[0].order):
        for form in range(number_of_forms(message, source.catalogue)):
            yield _row(source, place, message, form)


def number_of_forms(message: Message, catalogue: Catalog) -> int:
    """How many texts a translation of this message has."""
    return catalogue.num_plurals if isinstance(message.id, tuple | list) else 1


def _row(source: _Source, place: Place, message: Message, form: int) -> Row:
    several = isinstance(message.id, tuple | list)
    served = numbers_served(source.catalogue)[form] if several else ()
    # The singular is the German of a form that serves 1 and nothing else.
    german_form = 0 if not several or served == (1,) else 1
    key = RowKey(source.language.code, source.domain.name, checksum(message), form)
    text = form_of(message, form)
    english = source.english.get(key_of(message))
    return Row(
        key=key,
        place=place.words,
        numbers=in_words(served) if several else "",
        german=forms_of(message.id)[german_form],
        english=form_of(english, german_form) if english else "",
        earlier_german=" / ".join(message.previous_id) if message.fuzzy else "",
        earlier=text if message.fuzzy else "",
        text="" if message.fuzzy or not fits(text) else text,
        status=_status(message),
        hint="\n".join(_hints(source, place, message, form, text)),
    )


def form_of(message: Message, form: int) -> str:
    """A form of a translation, empty where there is none."""
    texts = forms_of(message.string)
    return texts[form] if form < len(texts) else ""


def _status(message: Message) -> str:
    if message.fuzzy:
        return OUTDATED
    if not is_translated(message):
        return OPEN
    known = mark_of(message)
    return STATUS[known.status if known else "translated"]


def _hints(source: _Source, place: Place, message: Message, form: int, text: str) -> Iterator[str]:
    if place.required:
        yield "Nötig, damit der Fragebogen in dieser Sprache erscheint."
    needed, allowed = placeholders(message, form, source.catalogue)
    if needed:
        yield f"Unverändert übernehmen: {', '.join(sorted(needed))}"
    if allowed - needed:
        yield f"Darf hier fehlen: {', '.join(sorted(allowed - needed))}"
    if source.domain.name == "messages":
        german = " ".join(forms_of(message.id))
        known = [f"{t.german} = {w.target}" for t, w in source.glossary if t.is_in(german)]
        yield from [f"Glossar: {'; '.join(known)}"] if known else []
    if not fits(text):
        yield "Die jetzige Übersetzung passt in keine Zelle; leer lassen, dann bleibt sie."


def fits(text: str) -> bool:
    """Whether a cell can hold a text as it is."""
    return len(text.encode("utf-16-le")) <= 2 * LONGEST_CELL and not RICH.fullmatch(text)


def normalised(text: str) -> str:
    """A text as it is stored: without blanks around it, its letters composed, plain line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def in_words(numbers: tuple[int, ...]) -> str:
    """Numbers a plural form serves, for people: „1“, „2–4, 22–24 …“, „5 und mehr“."""
    if len(numbers) == len(NUMBERS):
        return "alle Zahlen"
    ranges = _ranges(numbers)
    first, last = ranges[-1]
    if last == NUMBERS[-1] and first < len(NUMBERS) // 2:
        shown = [*map(_range_in_words, ranges[:-1]), f"{first} und mehr"]
        return ", ".join(shown)
    more = " …" if len(ranges) > SHOWN_RANGES else ""
    return ", ".join(map(_range_in_words, ranges[:SHOWN_RANGES])) + more


def _ranges(numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    gaps = [(a, b) for a, b in pairwise(numbers) if b != a + 1]
    starts = [numbers[0], *(b for _a, b in gaps)]
    ends = [*(a for a, _b in gaps), numbers[-1]]
    return list(zip(starts, ends, strict=True))


def _range_in_words(each: tuple[int, int]) -> str:
    first, last = each
    return str(first) if first == last else f"{first}–{last}"
