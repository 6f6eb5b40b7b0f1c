"""Message catalogues: extracted, updated, checked, compiled. Two domains, German source.

`messages` is all a respondent meets, questionnaires included; `desk` is the commissioner's desk and
the analyses. A catalogue that is stale, incomplete or would break a page does not pass the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import ROOT
from survey.locale import SOURCE_LANGUAGE, TRANSLATIONS, Language, languages

JINJA = {"silent": "false", "extensions": "jinja2.ext.i18n"}
DESK = ("survey/desk/**.py", "analysis/**.py", "survey/templates/desk/**.html")
RESPONDENTS = ("survey/**.py", "forms/**.py", "survey/templates/**.html")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),  # type: ignore[dict-item]  # Babel's own notation for a context
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
TAG = re.compile(r"<[a-zA-Z/!]")


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
            *((pattern, "ignore") for pattern in DESK),
            *_methods(RESPONDENTS),
            ("forms/definitions/*.toml", "forms.texts:extract_toml"),
        ),
        None,
    ),
    DomainRule("desk", _methods(DESK), frozenset({"en"})),
)


def extracted(domain: DomainRule) -> Catalog:
    """Every message of a domain as the sources have it now."""
    catalogue = Catalog(domain=domain.name, project="Zugangscheck", charset="utf-8")
    options = {pattern: JINJA for pattern, method in domain.methods if method == "jinja2"}
    found = extract_from_dir(
        str(ROOT),
        method_map=list(domain.methods),
        options_map=options,
        keywords=KEYWORDS,  # type: ignore[arg-type]  # see above
        directory_filter=_is_source,
    )
    for filename, _line, message, comments, context in found:
        # No line numbers: they change with every edit and say nothing to a translator.
        catalogue.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalogue


def _is_source(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in (
        "instance",
        "tests",
        "docs",
        "node_modules",
    )


def _targets() -> Iterator[tuple[DomainRule, Language, Path]]:
    for domain in DOMAINS:
        for code, language in languages().items():
            wanted = domain.languages is None or code in domain.languages
            if code != SOURCE_LANGUAGE and wanted:
                folder = TRANSLATIONS / language.babel / "LC_MESSAGES"
                yield domain, language, folder / f"{domain.name}.po"


def update() -> list[str]:
    """Bring every catalogue up to date with the sources; returns a line about each."""
    fresh = {domain.name: extracted(domain) for domain in DOMAINS}
    lines = []
    for domain, language, path in _targets():
        catalogue = _read(path, language)
        # Guessed matches would be shown to people as if somebody had meant them.
        catalogue.update(fresh[domain.name], no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        open_ones = sum(1 for m in catalogue if m.id and not _is_translated(m))
        lines.append(f"{language.code} {domain.name}: {len(catalogue)} messages, {open_ones} open")
    return lines


def _read(path: Path, language: Language) -> Catalog:
    if not path.exists():
        return Catalog(locale=language.babel, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language.babel)


def compile_stale() -> int:
    """Compile catalogues whose .mo is missing or older; returns how many."""
    compiled = 0
    for _domain, language, path in _targets():
        binary = path.with_suffix(".mo")
        if not path.exists() or (
            binary.exists() and binary.stat().st_mtime >= path.stat().st_mtime
        ):
            continue
        with binary.open("wb") as file:
            write_mo(file, _read(path, language))
        compiled += 1
    return compiled


def problems() -> list[str]:
    """Everything that keeps a catalogue from being shown, a line each; empty when all are good."""
    found = []
    fresh = {domain.name: extracted(domain) for domain in DOMAINS}
    for domain, language, path in _targets():
        place = path.relative_to(ROOT).as_posix()
        catalogue = _read(path, language)
        source = {_key(m) for m in fresh[domain.name] if m.id}
        present = {_key(m) for m in catalogue if m.id}
        found += [
            f"{place}: missing: {key[1]!r}; run make translations" for key in source - present
        ]
        found += [
            f"{place}: outdated: {key[1]!r}; run make translations" for key in present - source
        ]
        for message in catalogue:
            if message.id:
                found += [f"{place}: {_first(message.id)!r}: {p}" for p in _faults(message)]
    return sorted(found)


def _key(message: Message) -> tuple[str, str]:
    return message.context or "", _first(message.id)


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _is_translated(message: Message) -> bool:
    texts = [message.string] if isinstance(message.string, str) else message.string
    return all(texts) and not message.fuzzy


def _faults(message: Message) -> Iterator[str]:
    if not _is_translated(message):
        yield "not translated"
        return
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    wanted = set().union(*(PLACEHOLDER.findall(text) for text in ids))
    for text in texts:
        given = set(PLACEHOLDER.findall(text))
        # A plural form may leave the number out („one point"), but never invent a placeholder.
        if given - wanted or (len(ids) == 1 and wanted - given):
            yield f"placeholders differ: {sorted(wanted)} and {sorted(given)}"
        if TAG.search(text) and not any(TAG.search(source) for source in ids):
            yield "contains a tag; texts are shown as they are"


def status() -> list[str]:
    """A line for each language and domain: translated of all."""
    lines = []
    for domain, language, path in _targets():
        catalogue = [m for m in _read(path, language) if m.id]
        done = sum(map(_is_translated, catalogue))
        lines.append(f"{language.code:10} {domain.name:10} {done} of {len(catalogue)} translated")
    return lines
