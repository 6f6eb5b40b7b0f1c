"""What is wrong with catalogues, and how far they are: by message, by catalogue, by questionnaire.

A catalogue that is stale, incomplete or would break a page does not pass the check. Nothing here
writes; `survey.catalogues` does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from forms.definition import Questionnaire
from forms.loader import DEFINITIONS, available, load
from forms.texts import Lookup, context, lookup_in, source_texts
from survey.catalogues import (
    DomainRule,
    checksum,
    extracted,
    forms_of,
    is_translated,
    key_of,
    mark_of,
    messages,
    read,
    targets,
    text_checksum,
)
from survey.glossary import FILE, Term, Word, lacking, strays, terms, words
from survey.locale import SOURCE_LANGUAGE, TRANSLATIONS, Language, languages

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%")
UNSAFE = frozenset('"<>&')
"""Texts are put into pages and attributes as they are."""
PLURAL_FORMS = re.compile(r'"Plural-Forms: nplurals=(\d+); plural=(.+?);?\\n"')
NUMBERS = range(200)
"""Enough to see every number a plural form serves: the rules look at the last two digits."""
GLOSSARY_DOMAIN = "messages"
"""The glossary is for what respondents read."""
NAMED = 5
"""How many of the texts an offer lacks are named."""


def problems(folder: Path = TRANSLATIONS) -> list[str]:
    """Everything that keeps a catalogue from being shown, a line each; empty when all are good."""
    found, known = [], terms(folder)
    for domain, language, path in targets(folder):
        catalogue = read(path, language)
        lines = [*_staleness(domain, catalogue), *_defects(catalogue), *_plurals(path, language)]
        if domain.name == GLOSSARY_DOMAIN:
            own, glossary = words(path.parent.parent), path.parent.parent / FILE
            lines += _strays(catalogue, known, own)
            found += _placed(glossary, folder, lacking(known, own))
        found += _placed(path, folder, lines)
    return sorted(found)


def _placed(path: Path, folder: Path, lines: Iterator[str] | list[str]) -> list[str]:
    place = path.relative_to(folder.parent).as_posix()
    return [f"{place}: {line}" for line in lines]


def _staleness(domain: DomainRule, catalogue: Catalog) -> Iterator[str]:
    source = {key_of(message) for message in messages(extracted(domain))}
    present = {key_of(message) for message in messages(catalogue)}
    cure = "run make translations"
    yield from (f"missing: {key[1]!r}; {cure}" for key in source - present)
    yield from (f"outdated: {key[1]!r}; {cure}" for key in present - source)


def is_stale(domain: DomainRule, catalogue: Catalog) -> bool:
    """Whether the sources have other messages than the catalogue."""
    return any(_staleness(domain, catalogue))


def _defects(catalogue: Catalog) -> Iterator[str]:
    for message in messages(catalogue):
        name = repr(forms_of(message.id)[0])
        yield from (f"{name}: {fault}" for fault in faults(message, catalogue))


def _plurals(path: Path, language: Language) -> Iterator[str]:
    # Babel takes the rule from the file: with a wrong one every number gets a wrong form.
    rule = PLURAL_FORMS.search(path.read_text(encoding="utf-8")) if path.exists() else None
    known = get_plural(language.babel)
    written = (int(rule[1]), rule[2].strip()) if rule else (0, "0")
    agree = written[0] == known.num_plurals and all(
        c2py(written[1])(number) == c2py(known.plural_expr)(number) for number in NUMBERS
    )
    if not agree:
        yield f"Plural-Forms are not those of the language; it is: {known.plural_forms}"


def _strays(catalogue: Catalog, known: tuple[Term, ...], own: Mapping[str, Word]) -> Iterator[str]:
    for message in filter(is_translated, messages(catalogue)):
        german, text = (" ".join(forms_of(each)) for each in (message.id, message.string))
        name = repr(forms_of(message.id)[0])
        yield from (f"{name}: {stray}" for stray in strays(known, own, german, text))


# --- one message ----------------------------------------------------------------------------------


def faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    """Everything about a translation that keeps it from being shown."""
    if not is_translated(message):
        yield "the German text has changed" if message.fuzzy else "not translated"
        return
    known = mark_of(message)
    if known is None:
        yield "no status; run make translations"
    elif known.checksum != checksum(message):
        yield (
            "the status is that of another German text; compare, delete the line with the status, "
            "run make translations"
        )
    elif known.status == "reviewed" and known.text != text_checksum(message):
        yield "changed since it was reviewed; write translated for reviewed, or have it reviewed"
    for form, text in enumerate(forms_of(message.string)):
        found = misfit(message, form, text, catalogue)
        if found.lost or found.invented:
            yield f"placeholders differ: lost {[*found.lost]}, invented {[*found.invented]}"
        if found.has_tag:
            yield 'contains a tag or one of " < > &; texts are shown as they are'


@dataclass(frozen=True, slots=True)
class Misfit:
    """What of a translation would break a page: placeholders that are not those of the German."""

    lost: tuple[str, ...]
    invented: tuple[str, ...]
    has_tag: bool


def misfit(message: Message, form: int, text: str, catalogue: Catalog) -> Misfit:
    """What is wrong with a text as this form of a message's translation."""
    needed, allowed = placeholders(message, form, catalogue)
    given = _placeholders(text)
    tagged = UNSAFE & set(text) - set("".join(forms_of(message.id)))
    return Misfit(tuple(sorted(needed - given)), tuple(sorted(given - allowed)), bool(tagged))


def placeholders(
    message: Message, form: int, catalogue: Catalog
) -> tuple[frozenset[str], frozenset[str]]:
    """The placeholders a form of a translation has to have, and those it may have."""
    in_sources = [_placeholders(text) for text in forms_of(message.id)]
    allowed = frozenset[str]().union(*in_sources)
    # „One point" may leave the number out; a form that also serves 21 may not.
    if len(in_sources) > 1 and len(numbers_served(catalogue)[form]) == 1:
        return frozenset.intersection(*in_sources), allowed
    return allowed, allowed


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(text))


def numbers_served(catalogue: Catalog) -> Mapping[int, tuple[int, ...]]:
    """Which of the first numbers each plural form serves."""
    return _served(catalogue.plural_expr)


@cache
def _served(expression: str) -> Mapping[int, tuple[int, ...]]:
    rule = c2py(expression)
    served: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for number in NUMBERS:
        served[rule(number)] += (number,)
    return served


# --- how far --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a catalogue is: numbers of messages; outdated and open ones are not shown."""

    language: str
    domain: str
    messages: int
    translated: int
    reviewed: int
    outdated: int

    @property
    def open(self) -> int:
        """How many have never been translated."""
        return self.messages - self.translated - self.reviewed - self.outdated

    def __str__(self) -> str:
        """One line; translated are those nobody has reviewed yet."""
        return (
            f"{self.language:10} {self.domain:10} {self.translated} translated, "
            f"{self.reviewed} reviewed, {self.outdated} outdated, {self.open} open "
            f"of {self.messages}"
        )


def progress(folder: Path = TRANSLATIONS) -> list[Progress]:
    """How far every catalogue is, by domain and language."""
    return [
        _progress(language.code, domain.name, messages(read(path, language)))
        for domain, language, path in targets(folder)
    ]


def _progress(language: str, domain: str, present: list[Message]) -> Progress:
    done = [message for message in present if is_translated(message)]
    marks = [known.status for message in done if (known := mark_of(message))]
    reviewed, outdated = marks.count("reviewed"), sum(1 for m in present if m.fuzzy)
    return Progress(language, domain, len(present), len(done) - reviewed, reviewed, outdated)


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether new waves offer a questionnaire in a language; `missing` are keys of its texts."""

    questionnaire: str
    language: str
    missing: tuple[str, ...]

    def __str__(self) -> str:
        """One line that names the first texts that are missing."""
        start = f"{self.language:10} {self.questionnaire}"
        if not self.missing:
            return f"{start}: offered"
        more = ", …" if len(self.missing) > NAMED else ""
        named = ", ".join(self.missing[:NAMED])
        return f"{start}: not offered, {len(self.missing)} texts missing: {named}{more}"


def offers(folder: Path = TRANSLATIONS, definitions: Path = DEFINITIONS) -> list[Offer]:
    """By language and questionnaire: what keeps it from being offered. German is left out."""
    asked = [load(path) for path in available(definitions).values()]
    found = []
    for code, language in languages(folder).items():
        if code != SOURCE_LANGUAGE:
            path = folder / language.babel / "LC_MESSAGES" / "messages.po"
            lookup = lookup_in(path) if path.exists() else _nothing
            found += [Offer(each.id, code, _missing(each, lookup)) for each in asked]
    return found


def _nothing(_where: str, _text: str) -> None:
    return None


def _missing(questionnaire: Questionnaire, lookup: Lookup) -> tuple[str, ...]:
    return tuple(
        source.key
        for source in source_texts(questionnaire)
        if not source.may_fall_back
        and not lookup(context(questionnaire.id, source.key), source.text)
    )
