"""One word for one thing in every language: the glossary of a folder of translations.

`translations/glossary.toml` names the German terms and how they show in a text; the file of the
same name beside a catalogue says what a language calls them. A translation of a text with a term
has to have one of the language's stems, so that two translators do not use two words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "glossary.toml"


@dataclass(frozen=True, slots=True)
class Term:
    """A German term; `found` are beginnings of words by which a text is known to have it."""

    german: str
    found: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        """Whether a German text has the term."""
        return any(re.search(rf"(?<!\w){re.escape(start)}", text) for start in self.found)


@dataclass(frozen=True, slots=True)
class Word:
    """What a language calls a term; one of `stems` is in every translation that has it."""

    target: str
    stems: tuple[str, ...]
    note: str

    def is_in(self, text: str) -> bool:
        """Whether a translation has the word, in whatever form."""
        return any(stem.casefold() in text.casefold() for stem in self.stems)


def terms(folder: Path) -> tuple[Term, ...]:
    """The terms every language has a word for."""
    entries = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    return tuple(Term(german, tuple(entry["found"])) for german, entry in entries.items())


def words(home: Path) -> dict[str, Word]:
    """A language's words by German term; empty where it has no glossary yet."""
    path = home / FILE
    entries = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        german: Word(entry["target"], tuple(entry["stems"]), entry.get("note", ""))
        for german, entry in entries.items()
    }


def lacking(known: tuple[Term, ...], own: Mapping[str, Word]) -> Iterator[str]:
    """A line for every term without a word, and for every word of no term."""
    names = {term.german for term in known}
    yield from (f"no word for '{german}'" for german in sorted(names - set(own)))
    yield from (f"'{german}' is no term of the glossary" for german in sorted(set(own) - names))


def strays(
    known: tuple[Term, ...], own: Mapping[str, Word], german: str, text: str
) -> Iterator[str]:
    """A line for every term a German text has and its translation calls something else."""
    for term in known:
        word = own.get(term.german)
        if word is not None and term.is_in(german) and not word.is_in(text):
            yield f"glossary: '{term.german}' is '{word.target}' here ({', '.join(word.stems)})"
