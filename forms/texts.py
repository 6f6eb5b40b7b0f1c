"""The texts of a questionnaire: found for translators, and put back in another language.

Every text has a key made of ids (`sections.sprache.questions.q1.text`), so a translation belongs to
its question and not to a position in the file. The German text is the gettext message id, its
context is `<questionnaire id>:<key>`: one wording used twice may be translated twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, TypeVar

from babel.messages.pofile import read_po
from pydantic import BaseModel

from forms.definition import Questionnaire, Translatable
from forms.loader import parse

M = TypeVar("M", bound=BaseModel)

Lookup = Callable[[str, str], str | None]
"""(context, German text) → translation, or None where there is none."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """One German text; a language lacking a text that may not fall back is not offered."""

    key: str
    text: str
    may_fall_back: bool


def source_texts(questionnaire: Questionnaire) -> tuple[SourceText, ...]:
    """Every translatable text of a questionnaire, in file order."""
    return tuple(_walk(questionnaire, ""))


def _walk(model: BaseModel, prefix: str) -> Iterator[SourceText]:
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        mark = next((m for m in _marks(info) if isinstance(m, Translatable)), None)
        if mark is not None and value:
            yield SourceText(f"{prefix}{name}", value, mark.may_fall_back)
        elif isinstance(value, BaseModel):
            yield from _walk(value, f"{prefix}{name}.")
        elif isinstance(value, tuple):
            for position, member in enumerate(value):
                if isinstance(member, BaseModel):
                    yield from _walk(member, f"{prefix}{name}.{_name_of(member, position)}.")


def _marks(info: Any) -> Iterator[Any]:
    yield from info.metadata
    # `Text | None` keeps its marks one level down, on the member of the union.
    for argument in getattr(info.annotation, "__args__", ()):
        yield from getattr(argument, "__metadata__", ())


def _name_of(member: BaseModel, position: int) -> str:
    for name in ("id", "code", "band"):
        if hasattr(member, name):
            return str(getattr(member, name))
    return str(position)


def context(questionnaire_id: str, key: str) -> str:
    """The gettext context of a text."""
    return f"{questionnaire_id}:{key}"


def translated(questionnaire: Questionnaire, lookup: Lookup) -> dict[str, str] | None:
    """All texts of one language by key, or None while a text that may not fall back is missing.

    Texts that may fall back and have no translation are left out.
    """
    found: dict[str, str] = {}
    for source in source_texts(questionnaire):
        text = lookup(context(questionnaire.id, source.key), source.text)
        if text:
            found[source.key] = text
        elif not source.may_fall_back:
            return None
    return found


def lookup_in(catalogue: Path) -> Lookup:
    """A lookup in a gettext catalogue (.po); untranslated and fuzzy entries count as missing."""
    known = _entries(catalogue, catalogue.stat().st_mtime_ns)
    return lambda where, text: known.get((where, text))


@lru_cache(maxsize=64)
def _entries(catalogue: Path, _changed: int) -> Mapping[tuple[str, str], str]:
    with catalogue.open("rb") as file:
        entries = read_po(file)
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in entries
        if message.id and message.string and not message.fuzzy
    }


@dataclass(frozen=True, slots=True)
class Localised:
    """A questionnaire in one language; `german` are the texts that had to stay German."""

    questionnaire: Questionnaire
    language: str
    german: frozenset[str]
    source: Questionnaire


def in_language(questionnaire: Questionnaire, language: str, texts: Mapping[str, str]) -> Localised:
    """The questionnaire with its texts replaced by key; what has no text keeps the German one."""
    if language == questionnaire.language:
        return Localised(questionnaire, language, frozenset(), questionnaire)
    replaced = _replace(questionnaire, "", texts)
    stayed = {s.text for s in source_texts(questionnaire) if s.key not in texts}
    return Localised(replaced, language, frozenset(stayed), questionnaire)


def _replace(model: M, prefix: str, texts: Mapping[str, str]) -> M:
    # Built anew: `model_copy` would keep what the source has computed of its own, German questions.
    changes: dict[str, Any] = {}
    for name in type(model).model_fields:
        value = changes[name] = getattr(model, name)
        if f"{prefix}{name}" in texts:
            changes[name] = texts[f"{prefix}{name}"]
        elif isinstance(value, BaseModel):
            changes[name] = _replace(value, f"{prefix}{name}.", texts)
        elif isinstance(value, tuple):
            changes[name] = tuple(
                _replace(m, f"{prefix}{name}.{_name_of(m, i)}.", texts)
                if isinstance(m, BaseModel)
                else m
                for i, m in enumerate(value)
            )
    return type(model).model_construct(**changes)


def extract_toml(
    fileobj: IO[bytes], *_keywords_and_comments: object, **_options: object
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Babel extractor for questionnaire files: (line, function, (context, text), comments).

    Raises:
        QuestionnaireError: the file does not pass its checks.
    """
    raw = fileobj.read().decode("utf-8")
    document = tomllib.loads(raw)
    questionnaire = parse(document, getattr(fileobj, "name", "questionnaire"))
    rows = raw.splitlines()
    for source in source_texts(questionnaire):
        line = next((n for n, row in enumerate(rows, 1) if source.text[:40] in row), 0)
        yield line, "pgettext", (context(questionnaire.id, source.key), source.text), []
