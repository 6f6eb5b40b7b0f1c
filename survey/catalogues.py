"""Message catalogues: extracted, updated, checked, compiled. Two domains, German source.

`messages` is all a respondent meets, questionnaires included; `desk` is the commissioner's desk and
the analyses. A catalogue that is stale, incomplete or would break a page does not pass the check.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import ROOT
from survey.locale import SOURCE_LANGUAGE, TRANSLATIONS, Language, languages

JINJA = {"silent": "false", "extensions": "jinja2.ext.i18n"}
DESK = (
    "survey/desk/**.py",
    "survey/guard.py",
    "analysis/**.py",
    "survey/templates/desk/**.html",
)
# What a unit takes away is in its respondents' language.
UNIT_RESULT = ("analysis/documents/unit_words.py", "analysis/unit_result.py")
RESPONDENTS = ("survey/**.py", "forms/**.py", "survey/templates/**.html")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),  # type: ignore[dict-item]  # Babel's own notation for a context
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%")
TAG = re.compile(r"<[a-zA-Z/!]")
HEADERS = (
    "Language",
    "Plural-Forms",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""The lines of a catalogue's head that change only when somebody changes something."""
COMMENT = """\
# German texts are the message ids. `zugangscheck translations update` keeps this file in step with
# the sources; only the lines that begin with msgstr are written by hand.
"""
NUMBERS = range(200)
"""Enough to see every number a plural form serves: the rules look at the last two digits."""


@dataclass(frozen=True, slots=True)
class DomainRule:
    """Which files a domain is made from, later patterns only where no earlier one fits."""

    name: str
    methods: tuple[tuple[str, str], ...]
    languages: frozenset[str] | None


def _methods(patterns: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((p, "jinja2" if p.endswith("html") else "python") for p in patterns)


DOMAINS = (
    DomainRule(
        "messages",
        (
            *_methods(UNIT_RESULT),
            *((pattern, "ignore") for pattern in DESK),
            *_methods(RESPONDENTS),
            ("forms/definitions/*.toml", "forms.texts:extract_toml"),
        ),
        None,
    ),
    DomainRule(
        "desk",
        (*((pattern, "ignore") for pattern in UNIT_RESULT), *_methods(DESK)),
        frozenset({"en"}),
    ),
)


@cache
def extracted(domain: DomainRule) -> Catalog:
    """Every message of a domain as the sources have it; read once, not to be changed."""
    catalogue = Catalog(domain=domain.name, project="Zugangscheck", charset="utf-8")
    options = {pattern: JINJA for pattern, method in domain.methods if method == "jinja2"}
    found = extract_from_dir(
        str(ROOT),
        method_map=list(domain.methods),
        options_map=options,
        keywords=KEYWORDS,
        directory_filter=_is_source,
    )
    for filename, _line, message, comments, context in found:
        # No line numbers: they change with every edit and say nothing to a translator.
        catalogue.add(message, "", [(filename, 0)], auto_comments=comments, context=context)
    return catalogue


def _is_source(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in (
        "instance",
        "tests",
        "docs",
        "node_modules",
    )


def _targets(folder: Path) -> Iterator[tuple[DomainRule, Language, Path]]:
    for domain in DOMAINS:
        for code, language in languages(folder).items():
            wanted = domain.languages is None or code in domain.languages
            if code != SOURCE_LANGUAGE and wanted:
                place = folder / language.babel / "LC_MESSAGES" / f"{domain.name}.po"
                yield domain, language, place


def update(folder: Path = TRANSLATIONS) -> list[str]:
    """Bring every catalogue up to date with the sources; returns a line about each.

    A file changes only when its messages do.
    """
    fresh = {domain.name: extracted(domain) for domain in DOMAINS}
    lines = []
    for domain, language, path in _targets(folder):
        catalogue = _read(path, language)
        # Guessed matches would be shown to people as if somebody had meant them.
        catalogue.update(fresh[domain.name], no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(path, catalogue)
        open_ones = sum(1 for m in catalogue if m.id and not _is_translated(m))
        lines.append(f"{language.code} {domain.name}: {len(catalogue)} messages, {open_ones} open")
    return lines


def _write(path: Path, catalogue: Catalog) -> None:
    head = "".join(f'"{n}: {v}\\n"\n' for n, v in catalogue.mime_headers if n in HEADERS)
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    written = f'{COMMENT}msgid ""\nmsgstr ""\n{head}\n'.encode() + body.getvalue()
    if not path.exists() or path.read_bytes() != written:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, written)


def _replace(path: Path, content: bytes) -> None:
    # Tests run side by side and servers start side by side: nobody may read half a file.
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def _read(path: Path, language: Language) -> Catalog:
    if not path.exists():
        return Catalog(locale=language.babel, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language.babel)


def compile_stale(folder: Path = TRANSLATIONS) -> int:
    """Compile catalogues whose .mo is missing or older; returns how many."""
    compiled = 0
    for _domain, language, path in _targets(folder):
        binary = path.with_suffix(".mo")
        if not path.exists() or (
            binary.exists() and binary.stat().st_mtime >= path.stat().st_mtime
        ):
            continue
        content = BytesIO()
        write_mo(content, _read(path, language))
        _replace(binary, content.getvalue())
        compiled += 1
    return compiled


def problems(folder: Path = TRANSLATIONS) -> list[str]:
    """Everything that keeps a catalogue from being shown, a line each; empty when all are good."""
    found = []
    fresh = {domain.name: extracted(domain) for domain in DOMAINS}
    for domain, language, path in _targets(folder):
        place = path.relative_to(folder.parent).as_posix()
        catalogue = _read(path, language)
        source = {_key(m) for m in fresh[domain.name] if m.id}
        present = {_key(m) for m in catalogue if m.id}
        cure = "run make translations"
        found += [f"{place}: missing: {key[1]!r}; {cure}" for key in source - present]
        found += [f"{place}: outdated: {key[1]!r}; {cure}" for key in present - source]
        for message in catalogue:
            if message.id:
                faults = _faults(message, catalogue)
                found += [f"{place}: {_forms(message.id)[0]!r}: {fault}" for fault in faults]
    return sorted(found)


Text = str | tuple[str, ...] | list[str] | None


def _forms(text: Text) -> tuple[str, ...]:
    """The singular and the plural forms of a message, or its only form."""
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def _key(message: Message) -> tuple[str, ...]:
    return message.context or "", *_forms(message.id)


def _is_translated(message: Message) -> bool:
    return all(_forms(message.string)) and not message.fuzzy


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    if not _is_translated(message):
        yield "not translated"
        return
    sources, texts = _forms(message.id), _forms(message.string)
    in_sources = [set(PLACEHOLDER.findall(text)) for text in sources]
    wanted, in_all = set.union(*in_sources), set.intersection(*in_sources)
    for form, text in enumerate(texts):
        given = set(PLACEHOLDER.findall(text))
        # „One point" may leave the number out; a form that also serves 21 may not.
        needed = in_all if len(sources) > 1 and _numbers(catalogue)[form] == 1 else wanted
        if not needed <= given <= wanted:
            yield f"placeholders differ: {sorted(wanted)} and {sorted(given)}"
        if TAG.search(text) and not any(TAG.search(source) for source in sources):
            yield "contains a tag; texts are shown as they are"


def _numbers(catalogue: Catalog) -> dict[int, int]:
    """How many of the first numbers each plural form serves."""
    rule = c2py(catalogue.plural_expr)
    served: dict[int, int] = defaultdict(int)
    for number in NUMBERS:
        served[rule(number)] += 1
    return served


def status(folder: Path = TRANSLATIONS) -> list[str]:
    """A line for each language and domain: translated of all."""
    lines = []
    for domain, language, path in _targets(folder):
        catalogue = [m for m in _read(path, language) if m.id]
        done = sum(map(_is_translated, catalogue))
        lines.append(f"{language.code:10} {domain.name:10} {done} of {len(catalogue)} translated")
    return lines
