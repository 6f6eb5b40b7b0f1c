"""Message catalogues: extracted, updated, read, written, compiled. Two domains, German source.

`messages` is all a respondent meets, questionnaires included; `desk` is the commissioner's desk and
the analyses. What is wrong with a catalogue is the business of `survey.catalogue_checks`.

Every translation carries a mark, a comment before it: `# translated 1f2e3d4c` or `# reviewed …`,
its status and the checksum of the German text it was made from. Where the German of a question has
changed since, the old translation stays beside it as `fuzzy`, for translators and for nobody else.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, unescape, write_po

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
MARK = re.compile(r"(translated|reviewed) ([0-9a-f]{8})(?: ([0-9a-f]{8}))?")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
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


def targets(folder: Path) -> Iterator[tuple[DomainRule, Language, Path]]:
    """Every catalogue a folder is to have: its domain, its language, its file."""
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
    lines = []
    for domain, language, path in targets(folder):
        catalogue = read(path, language)
        before = {m.context: m for m in catalogue if m.id and m.context}
        # A copy: new messages become part of the catalogue, and what it says of them is its own.
        fresh = deepcopy(extracted(domain))
        # Guessed matches would be shown to people as if somebody had meant them.
        catalogue.update(fresh, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        for message in messages(catalogue):
            _keep_outdated(message, before)
            if is_translated(message) and mark_of(message) is None:
                mark(message, "translated")
        write(path, catalogue)
        open_ones = sum(1 for m in messages(catalogue) if not is_translated(m))
        lines.append(f"{language.code} {domain.name}: {len(catalogue)} messages, {open_ones} open")
    return lines


def _keep_outdated(message: Message, before: Mapping[str, Message]) -> None:
    # The context of a question outlives its wording; the checksum in the mark tells which it was.
    old = before.get(message.context or "")
    if old is None or not any(forms_of(old.string)):
        return
    if any(forms_of(message.string)):
        message.previous_id = old.previous_id  # Babel's own update forgets it
        return
    message.string, message.user_comments = old.string, old.user_comments
    message.previous_id = old.previous_id if old.fuzzy else [*forms_of(old.id)]
    message.flags.add("fuzzy")


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue if anything in it has changed; its head holds nothing of day or tool."""
    head = "".join(f'"{n}: {v}\\n"\n' for n, v in catalogue.mime_headers if n in HEADERS)
    body = BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        omit_header=True,
        sort_output=True,
        include_lineno=False,
        include_previous=True,
    )
    written = f'{COMMENT}msgid ""\nmsgstr ""\n{head}\n'.encode() + body.getvalue()
    if not path.exists() or path.read_bytes() != written:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, written)


def _replace(path: Path, content: bytes) -> None:
    # Tests run side by side and servers start side by side: nobody may read half a file.
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def read(path: Path, language: Language) -> Catalog:
    """A catalogue as it is on disk, empty where there is none."""
    if not path.exists():
        return Catalog(locale=language.babel, charset="utf-8")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.babel)
    for message in messages(catalogue):
        _read_previous(message)
    return catalogue


def _read_previous(message: Message) -> None:
    # Babel writes the earlier German (`#| msgid "…"`), and reads it as a comment of translators.
    lines = [comment[1:] for comment in message.user_comments if comment.startswith("|")]
    if lines:
        kept = [comment for comment in message.user_comments if not comment.startswith("|")]
        message.user_comments = kept
        parts = re.split(r"msgid(?:_plural)? (?=\")", " ".join(map(str.strip, lines)))
        message.previous_id = ["".join(map(unescape, QUOTED.findall(p))) for p in parts[1:]]


def compile_stale(folder: Path = TRANSLATIONS) -> int:
    """Compile catalogues whose .mo is missing or older; returns how many."""
    compiled = 0
    for _domain, language, path in targets(folder):
        binary = path.with_suffix(".mo")
        if not path.exists() or (
            binary.exists() and binary.stat().st_mtime >= path.stat().st_mtime
        ):
            continue
        content = BytesIO()
        write_mo(content, read(path, language))
        _replace(binary, content.getvalue())
        compiled += 1
    return compiled


Text = str | tuple[str, ...] | list[str] | None


def forms_of(text: Text) -> tuple[str, ...]:
    """The singular and the plural forms of a message, or its only form."""
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def messages(catalogue: Catalog) -> list[Message]:
    """The messages of a catalogue, without its head."""
    return [message for message in catalogue if message.id]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known about a translation, of which German text it is one, and what was reviewed."""

    status: str
    checksum: str
    text: str = ""


def checksum(message: Message) -> str:
    """Eight hexadecimal digits that change with the German text or its place."""
    text = "\0".join(key_of(message))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def text_checksum(message: Message) -> str:
    """The same of the translation: what was reviewed is this text and no other."""
    text = "\0".join(forms_of(message.string))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def mark_of(message: Message) -> Mark | None:
    """The mark of a translation; None where it has none."""
    found = (MARK.fullmatch(comment) for comment in message.user_comments)
    return next((Mark(*match.groups(default="")) for match in found if match), None)


def mark(message: Message, status: str) -> None:
    """Say of a translation that it is one of the present German text, and how far it is."""
    others = [comment for comment in message.user_comments if not MARK.fullmatch(comment)]
    reviewed = f" {text_checksum(message)}" if status == "reviewed" else ""
    message.user_comments = [*others, f"{status} {checksum(message)}{reviewed}"]


def key_of(message: Message) -> tuple[str, ...]:
    """What makes a message this one: its place, empty for texts of pages, and its German forms."""
    return message.context or "", *forms_of(message.id)


def is_translated(message: Message) -> bool:
    """Whether every form of a message has a translation of its present German text."""
    return all(forms_of(message.string)) and not message.fuzzy
