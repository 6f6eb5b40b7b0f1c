"""Units: imported from CSV, listed as a tree.

A file needs a `code` or a `name` (`name_de`) in each row; `kind`, `parent`, `language`, `mail` and
`staff` may stand beside them. What is missing is made or left out, and the report says which and
why.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from forms.fields import cleaned
from survey.tables import unit

LARGEST_IMPORT = 1024 * 1024
MOST_ROWS = 5000
LONGEST_NAME = 300
LONGEST_CODE = 60
OUTSIDE_KINDS = frozenset(
    {"extern", "gremium", "politik", "traeger", "verein", "arbeitsgruppe", "beirat", "buendnis"}
)
NUMBERED = re.compile(r"^(?:(?P<letters>[^\W\d]+) ?)?(?P<number>\d+(?:\.\d+)*)$")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
ALIASES = {
    "name_de": "name",
    "amt": "name",
    "bezeichnung": "name",
    "art": "kind",
    "e-mail": "mail",
    "beschäftigte": "staff",
    "beschaeftigte": "staff",
}
COLUMNS = ("code", "name", "kind", "parent", "language", "mail", "staff")
MOST_STAFF = 99_999


class UnitImportError(Exception):
    """A file that cannot be imported at all; the message names place and cure."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as a file gives it; `line` is its line in the file."""

    line: int
    code: str
    name: str
    kind: str
    parent: str = ""
    language: str = "de"
    mail: str = ""
    staff: int | None = None

    @property
    def inside(self) -> bool:
        """Whether the unit belongs to the city's administration."""
        return self.kind not in OUTSIDE_KINDS


@dataclass(slots=True)
class ImportReport:
    """What an import did: `notes` are (line, what and why)."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    generated_codes: int = 0
    names_from_codes: int = 0
    parents: int = 0
    left_out: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


def read_units(
    text: str, kinds: Collection[str] | None = None
) -> tuple[list[UnitRow], ImportReport]:
    """Units of a CSV text, with codes made and parents found.

    Args:
        text: comma or semicolon separated, first line the header.
        kinds: kinds to take; None takes all.

    Raises:
        UnitImportError: no usable header, or too many rows.
    """
    report = ImportReport()
    rows: list[UnitRow] = []
    seen: dict[str, int] = {}
    for row in _rows(text, report):
        report.kinds[row.kind] += 1
        complete = _completed(row, report)
        if complete is None:
            continue
        if kinds is not None and row.kind not in kinds:
            report.left_out.append((row.line, f"{complete.name}: kind '{row.kind}' not chosen"))
        elif complete.code in seen:
            first = seen[complete.code]
            report.left_out.append(
                (row.line, f"code '{complete.code}' stands in line {first} already")
            )
        else:
            seen[complete.code] = row.line
            rows.append(complete)
    return list(_with_parents(rows, report)), report


def _rows(text: str, report: ImportReport) -> Iterator[UnitRow]:
    lines = text.lstrip("\ufeff")
    header = lines.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(lines), delimiter=";" if ";" in header else ",")
    names = [ALIASES.get(n.strip().lower(), n.strip().lower()) for n in next(_lines(reader), [])]
    if not {"code", "name"}.intersection(names):
        raise UnitImportError(
            "line 1: no column 'code' or 'name'; the first line must name the columns"
        )
    for count, cells in enumerate(_lines(reader)):
        if count >= MOST_ROWS:
            raise UnitImportError(f"line {reader.line_num}: more than {MOST_ROWS} rows; split it")
        if not any(cell.strip() for cell in cells):
            continue
        pairs = zip(names, cells, strict=False)
        given = {n: " ".join(cleaned(cell).split()) for n, cell in pairs if n in COLUMNS}
        yield UnitRow(
            line=reader.line_num,
            code=given.get("code", "")[:LONGEST_CODE],
            name=given.get("name", "")[:LONGEST_NAME],
            kind=(given.get("kind", "") or "unklar").lower()[:40],
            parent=given.get("parent", ""),
            language=_language(given.get("language", "")),
            mail=given.get("mail", "")[:200],
            staff=_staff(given.get("staff", ""), reader.line_num, report),
        )


def _staff(given: str, line: int, report: ImportReport) -> int | None:
    """A number of staff; thousands may be marked as German and English tables mark them."""
    if not given:
        return None
    digits = re.sub(r"[ .,\u00a0\u202f](?=\d{3}\b)", "", given)
    if digits.isascii() and digits.isdigit() and 0 < int(digits) <= MOST_STAFF:
        return int(digits)
    report.notes.append(
        (line, f"staff '{given}' is no whole number from 1 to {MOST_STAFF} and was left out")
    )
    return None


def _language(code: str) -> str:
    """A language code, German where a file has something else in its place."""
    return code if LANGUAGE.fullmatch(code) else "de"


def _lines(reader: Any) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise UnitImportError(f"line {reader.line_num}: {error}; is this a CSV file?") from error


def _completed(row: UnitRow, report: ImportReport) -> UnitRow | None:
    if not row.code and not row.name:
        report.left_out.append((row.line, "neither code nor name"))
        return None
    if not row.code:
        report.generated_codes += 1
        return replace(row, code=generated_code(row.name))
    if not row.name:
        report.names_from_codes += 1
        return replace(row, name=row.code)
    return row


def generated_code(name: str) -> str:
    """A code made from a name: the same name gives the same code in every import."""
    spelled = name.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(letter, letters)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"x-{words}"[:LONGEST_CODE].rstrip("-")


def _with_parents(rows: Sequence[UnitRow], report: ImportReport) -> Iterator[UnitRow]:
    codes = {row.code for row in rows}
    by_number: dict[str, list[str]] = {}
    for row in rows:
        if match := NUMBERED.match(row.code):
            by_number.setdefault(match["number"], []).append(row.code)
    for row in rows:
        parent = row.parent if row.parent in codes else _parent_by_number(row.code, by_number)
        if row.parent and row.parent not in codes:
            report.notes.append((row.line, f"parent '{row.parent}' is not in the file"))
        if parent and parent != row.code:
            report.parents += 1
            yield replace(row, parent=parent)
        else:
            yield replace(row, parent="")


def _parent_by_number(code: str, by_number: dict[str, list[str]]) -> str:
    """`10.3` belongs to `Amt 10`, `50.64` to the longest shorter number there is."""
    match = NUMBERED.match(code)
    if not match or "." not in match["number"]:
        return ""
    number = match["number"]
    while len(number) > 1 and "." in number:
        number = number[:-1].rstrip(".")
        found = by_number.get(number, [])
        same = [c for c in found if match["letters"] and c.startswith(match["letters"])]
        candidates = same or (found if not match["letters"] else [])
        if len(candidates) == 1:
            return candidates[0]
    return ""


def store_units(connection: Connection, rows: Iterable[UnitRow], report: ImportReport) -> None:
    """Add new units and bring known ones (by code) up to date; never deletes one."""
    rows = list(rows)
    known = {r.code: r for r in connection.execute(select(unit))}
    for row in rows:
        values: dict[str, Any] = {
            "name": row.name,
            "kind": row.kind,
            "inside": row.inside,
            "language": row.language,
            "mail": row.mail or None,
        }
        if row.staff is not None:
            # A file that says nothing of staff takes no number away.
            values["staff"] = row.staff
        present = known.get(row.code)
        if present is None:
            connection.execute(insert(unit).values(code=row.code, **values))
            report.added += 1
        elif any(getattr(present, name) != value for name, value in values.items()):
            connection.execute(update(unit).where(unit.c.code == row.code).values(**values))
            report.changed += 1
        else:
            report.unchanged += 1
    ids = dict(connection.execute(select(unit.c.code, unit.c.id)).all())
    for row in rows:
        if row.parent:
            connection.execute(
                update(unit).where(unit.c.code == row.code).values(parent_id=ids[row.parent])
            )


def set_successor(connection: Connection, old: str, new: str) -> str:
    """Let one unit, by code, follow another; returns what keeps it from happening, or ""."""
    ids = dict(connection.execute(select(unit.c.code, unit.c.id)).all())
    missing = [code for code in (old, new) if code not in ids]
    if missing:
        return f"no unit '{missing[0]}'; see the codes in the desk under Organisationseinheiten"
    follows = dict(connection.execute(select(unit.c.id, unit.c.successor_id)).all())
    here = ids[new]
    while here is not None:
        if here == ids[old]:
            return f"'{old}' already follows '{new}': a unit cannot be its own successor"
        here = follows[here]
    connection.execute(update(unit).where(unit.c.id == ids[old]).values(successor_id=ids[new]))
    return ""


def report_lines(report: ImportReport) -> list[str]:
    """The report for a terminal, one line a fact."""
    return [
        f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}",
        f"codes made from names: {report.generated_codes}",
        f"names taken from codes: {report.names_from_codes}",
        f"parents found: {report.parents}",
        f"left out: {len(report.left_out)}",
        *(f"  line {line}: {why}" for line, why in report.left_out),
        *(f"  line {line}: {what}" for line, what in report.notes),
    ]
