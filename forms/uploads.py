"""An uploaded questionnaire: one TOML document that may carry its own translations. Pure.

The translations stand in tables `[translations.<language code>]`, each text under its key of
`forms.texts.source_texts`: `"sections.sprache.title" = "…"`.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from forms.definition import Mode, Questionnaire
from forms.loader import LARGEST_FILE, QuestionnaireError, parse
from forms.texts import source_texts
from forms.variants import variant

NESTED = re.compile(rb"(?:\.[ \t]*[\w-]+[ \t]*){100}")
"""A key of more parts than any questionnaire has."""

TRANSLATIONS = "translations"
LONGEST_VERSION = 40
MODES: tuple[Mode, ...] = ("named", "anonymous")


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked questionnaire, its texts by complete language, lacking keys by incomplete one."""

    questionnaire: Questionnaire
    texts: Mapping[str, Mapping[str, str]]
    missing: Mapping[str, tuple[str, ...]]


def read_upload(raw: bytes, name: str, languages: Collection[str]) -> Upload:
    """Split a document into a questionnaire and its texts by language.

    Args:
        name: stands before every problem.
        languages: codes of the languages the service has.

    Raises:
        QuestionnaireError: the document does not pass a check, or translates what is not there.
    """
    try:
        return _checked(_document(raw, name), name, languages)
    except RecursionError:
        raise QuestionnaireError([f"{name}: nested too deeply; write it flat"]) from None


def _document(raw: bytes, name: str) -> dict[str, Any]:
    if len(raw) > LARGEST_FILE:
        raise QuestionnaireError([f"{name}: larger than 1 MiB; shorten texts or split it"])
    if NESTED.search(raw):
        # The reader takes a minute for what nobody writes.
        raise QuestionnaireError([f"{name}: nested too deeply; write it flat"])
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise QuestionnaireError(
            [f"{name}: byte {error.start} is not UTF-8; save as UTF-8"]
        ) from error
    except ValueError as error:  # a number of thousands of digits is one too
        raise QuestionnaireError([f"{name}: not valid TOML: {error}"]) from error


def _checked(document: dict[str, Any], name: str, languages: Collection[str]) -> Upload:
    _refuse(name, _unstorable(document, ""))
    tables = document.pop(TRANSLATIONS, {})
    questionnaire = parse(document, name)
    if not isinstance(tables, dict):
        tables = {"": tables}
    given = {code: dict(_flat(table, "")) for code, table in tables.items()}
    _refuse(
        name,
        [
            *_version_problems(questionnaire),
            *_variant_problems(questionnaire),
            *_translation_problems(questionnaire, given, languages),
        ],
    )
    missing = {code: _missing(questionnaire, texts) for code, texts in given.items()}
    return Upload(
        questionnaire,
        {c: {k: t for k, t in given[c].items() if t.strip()} for c in given if not missing[c]},
        {code: keys for code, keys in missing.items() if keys},
    )


def _refuse(name: str, problems: Iterator[str] | list[str]) -> None:
    lines = [f"{name}: {problem}" for problem in problems]
    if lines:
        raise QuestionnaireError(lines)


def _unstorable(value: Any, place: str) -> Iterator[str]:
    """What TOML can say and JSON, a database or a page cannot hold."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _unstorable(member, f"{place} {key[:60]}".strip())
    elif isinstance(value, list):
        for number, member in enumerate(value, 1):
            yield from _unstorable(member, f"{place} number {number}")
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{place}: {value} is no number to compare with; write a number"
    elif isinstance(value, str) and any(map(_is_control, value)):
        yield f"{place}: contains a control character; remove it"


def _is_control(character: str) -> bool:
    return character not in "\n\t\r" and unicodedata.category(character) == "Cc"


def _version_problems(questionnaire: Questionnaire) -> Iterator[str]:
    if not 0 < len(questionnaire.version) <= LONGEST_VERSION:
        yield f"version: give 1 to {LONGEST_VERSION} characters"


def _variant_problems(questionnaire: Questionnaire) -> Iterator[str]:
    for variant_id in [v.id for v in questionnaire.variants] or [""]:
        place = f"variant '{variant_id}'" if variant_id else "the questionnaire"
        asked = [q for mode in MODES if (q := _asked_in(questionnaire, variant_id, mode))]
        if not asked:
            yield f"{place} asks nothing; give it a section"
        for reduced in asked:
            for section in reduced.sections:
                condition = section.asked_if
                if condition and condition.question not in reduced.questions:
                    yield (
                        f"{place}: section '{section.id}' depends on question "
                        f"'{condition.question}', which is not asked there; give both the same "
                        "variants and mode"
                    )


def _asked_in(questionnaire: Questionnaire, variant_id: str, mode: Mode) -> Questionnaire | None:
    try:
        return variant(questionnaire, variant_id, mode)
    except ValidationError:  # no section is left
        return None


def _flat(value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Texts by key; TOML reads a key with dots and without quotes as a table in a table."""
    if not isinstance(value, dict):
        yield prefix, value
        return
    for key, member in value.items():
        yield from _flat(member, f"{prefix}.{key}" if prefix else key)


def _translation_problems(
    questionnaire: Questionnaire, given: Mapping[str, Mapping[str, Any]], known: Collection[str]
) -> Iterator[str]:
    keys = {source.key for source in source_texts(questionnaire)}
    for code, texts in given.items():
        place = f"{TRANSLATIONS} {code}".strip()
        if code == questionnaire.language:
            yield f"{place}: these texts stand in the questionnaire itself; remove the table"
        elif code not in known:
            yield f"{place}: unknown language; known: {', '.join(sorted(known))}"
        for key, text in texts.items():
            if key not in keys:
                yield f"{place}: unknown key '{key[:120]}'; correct its spelling or remove it"
            elif not isinstance(text, str):
                yield f"{place}: '{key}' is no text; put it in quotation marks"


def _missing(questionnaire: Questionnaire, texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        source.key
        for source in source_texts(questionnaire)
        if not source.may_fall_back and not texts.get(source.key, "").strip()
    )
