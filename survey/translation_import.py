"""What translators send back, checked as a whole and then taken into the catalogues, or not at all.

An empty cell changes nothing. A text that was changed is translated, not reviewed, until somebody
says so beside it. Rows whose German text has changed since the export are left out and reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from survey import catalogues
from survey.catalogues import checksum, messages, targets
from survey.locale import TRANSLATIONS, languages
from survey.translation_file import Cell, Filled, SheetError, filled_rows
from survey.translation_rows import RowKey, glossary, number_of_forms, parse_key
from survey.translation_sent import Fault, Sent, apply, faults, notices
from survey.translation_sheet import TEXTS

MOST_ERRORS = 200
"""So many are named; who has more has the wrong file."""

Keyed = list[tuple[RowKey, Filled]]
Texts = dict[tuple[str, str], Sent]
"""Sent texts by domain and checksum."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did: numbers of texts, lines about rows left out, lines to look at."""

    language: str
    changed: int
    reviewed: int
    unchanged: int
    skipped: tuple[str, ...]
    notices: tuple[str, ...]

    def lines(self, *, dry_run: bool) -> list[str]:
        """The report for the one who imports."""
        done = "würde übernommen" if dry_run else "übernommen"
        return [
            *self.skipped,
            *self.notices,
            f"{self.language}: {done}: {self.changed} Texte neu oder geändert, "
            f"{self.reviewed} geprüft; {self.unchanged} unverändert, "
            f"{len(self.skipped)} Zeilen ausgelassen",
        ]


@dataclass(frozen=True, slots=True)
class _Target:
    """A catalogue an import may write."""

    domain: str
    path: Path
    catalogue: Catalog


def take_in(raw: bytes, folder: Path = TRANSLATIONS, *, write: bool = True) -> Report:
    """Check a filled workbook and take its texts into the catalogues.

    Args:
        raw: the file as it came back.
        write: False to check and report only.

    Raises:
        SheetError: anything is wrong with it; then nothing was written.
    """
    rows = filled_rows(raw)
    keyed = _keyed(rows)
    language = _language_of(keyed, rows, folder)
    home = _Home(language, folder)
    texts = home.texts_of(keyed)
    _refuse([*_key_faults(rows, language), *(f for sent in texts.values() for f in faults(sent))])
    report = home.report(texts, keyed)
    if write and (report.changed or report.reviewed):
        home.write(texts)
    return report


def _keyed(rows: Iterable[Filled]) -> Keyed:
    found = ((parse_key(row.key.text.strip()), row) for row in rows)
    return [(key, row) for key, row in found if key is not None]


def _language_of(keyed: Keyed, rows: list[Filled], folder: Path) -> str:
    if not keyed:
        _refuse(_key_faults(rows, ""))
        raise SheetError([f"{TEXTS}: keine Zeile mit einem Schlüssel; neu exportieren"])
    code = Counter(key.language for key, _row in keyed).most_common(1)[0][0]
    if not any(language.code == code for _domain, language, _path in targets(folder)):
        known = ", ".join(languages(folder))
        raise SheetError(
            [f"{TEXTS}: Datei der Sprache {code}, die es hier nicht gibt; bekannt: {known}"]
        )
    return code


def _key_faults(rows: Iterable[Filled], language: str) -> Iterator[Fault]:
    seen: dict[RowKey, Cell] = {}
    for row in rows:
        key = parse_key(row.key.text.strip())
        if key is None:
            reason = "verändert" if row.key.text or row.key.fault else "fehlt"
            yield row.key, f"Schlüssel {reason}; die Zeile aus einem neuen Export nehmen"
        elif key.language != language:
            yield (
                row.key,
                f"Zeile der Sprache {key.language} in einer Datei für {language}; löschen",
            )
        elif key in seen:
            yield row.key, f"dieselbe Zeile wie {seen[key].name}; eine von beiden löschen"
        else:
            seen[key] = row.key


def _refuse(found: Iterable[Fault]) -> None:
    placed = sorted(found, key=lambda fault: fault[0].line)
    lines = [f"{cell.name}: {reason}" for cell, reason in placed]
    if len(lines) > MOST_ERRORS:
        lines[MOST_ERRORS:] = [f"… und {len(lines) - MOST_ERRORS} weitere"]
    if lines:
        raise SheetError([*lines, "Nichts wurde übernommen."])


class _Home:
    """The catalogues of a language beside what was sent for them."""

    def __init__(self, code: str, folder: Path) -> None:
        self._code = code
        self._targets = [
            _Target(domain.name, path, catalogues.read(path, language))
            for domain, language, path in targets(folder)
            if language.code == code
        ]
        self._glossary = glossary(self._targets[0].path.parent.parent)
        self._known: Texts = {
            (target.domain, checksum(message)): Sent(message, target.catalogue)
            for target in self._targets
            for message in messages(target.catalogue)
        }

    def texts_of(self, keyed: Keyed) -> Texts:
        """The rows by the text they belong to; those of no present text are left out."""
        found: Texts = {}
        for key, row in keyed:
            place = key.domain, key.checksum
            if self._is_known(key):
                found.setdefault(place, self._known[place]).rows[key.form] = row
        return found

    def _is_known(self, key: RowKey) -> bool:
        sent = self._known.get((key.domain, key.checksum))
        return (
            key.language == self._code
            and sent is not None
            and key.form < number_of_forms(sent.message, sent.catalogue)
        )

    def report(self, texts: Texts, keyed: Keyed) -> Report:
        """What taking these texts in does."""
        changed = sum(sent.is_changed for sent in texts.values())
        reviewed = sum(sent.becomes_reviewed for sent in texts.values())
        untouched = sum(not (s.is_changed or s.becomes_reviewed) for s in texts.values())
        skipped, looked_at = self._skipped(keyed), self._notices(texts)
        return Report(self._code, changed, reviewed, untouched, tuple(skipped), tuple(looked_at))

    def _skipped(self, keyed: Keyed) -> Iterator[str]:
        for key, row in keyed:
            if row.translation.text and not self._is_known(key):
                yield (
                    f"{row.translation.name}: ausgelassen: Der deutsche Text ist seit dem Export "
                    "geändert oder entfallen; die Übersetzung steht weiter in der Datei"
                )

    def _notices(self, texts: Texts) -> Iterator[str]:
        for (domain, _checksum), sent in texts.items():
            known = self._glossary if domain == "messages" else ()
            for cell, reason in notices(sent, known):
                yield f"{cell.name}: Hinweis: {reason}"
        lacking = len(self._known) - len(texts)
        if lacking:
            yield f"{lacking} Texte stehen nicht in der Datei und bleiben, wie sie sind"

    def write(self, texts: Texts) -> None:
        """Put what is new into the catalogues on disk."""
        for sent in texts.values():
            apply(sent)
        for target in self._targets:
            catalogues.write(target.path, target.catalogue)
