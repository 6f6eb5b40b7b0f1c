"""Office files made alike every time: no clock, no name of a program's author in them."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from babel.core import get_global

from analysis.documents.letterhead import Letterhead
from analysis.documents.typeset import script

STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def settled(package: bytes, made: date) -> bytes:
    """The same Office file with one date everywhere, in workbooks inside it too."""
    written = BytesIO()
    with ZipFile(BytesIO(package)) as read, ZipFile(written, "w", ZIP_DEFLATED) as copy:
        for name in read.namelist():
            entry = ZipInfo(name, (made.year, made.month, made.day, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            copy.writestr(entry, _settled_part(name, read.read(name), made))
    return written.getvalue()


def _settled_part(name: str, content: bytes, made: date) -> bytes:
    if name.endswith(".xlsx"):
        return settled(content, made)
    if name == "docProps/core.xml":
        stamp = f"{made.isoformat()}T00:00:00Z".encode()
        return STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
    return content


def with_territory(language: str) -> str:
    """A language as office programs name it for spelling: "de" is "de-DE"."""
    code = script(language)
    likely = str(get_global("likely_subtags").get(code, code))  # "de_Latn_DE"
    return f"{code}-{likely.rpartition('_')[2]}" if "_" in likely else code


def properties(title: str, language: str, letterhead: Letterhead) -> dict[str, object]:
    """What the properties of a file say: an organisation, never a person."""
    return {
        "author": letterhead.organisation,
        "last_modified_by": letterhead.organisation,
        "title": title,
        "language": language,
        "comments": "",
        "subject": "",
        "keywords": "",
        "category": "",
        "revision": 1,
    }
