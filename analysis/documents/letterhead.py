"""Who a document comes from: the lines at its head and, if there is one, a logo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LARGEST_LOGO = 2 * 1024 * 1024
"""Bytes; a larger picture would make every document slow to open."""

LogoFormat = Literal["png", "svg"]
SIGNATURES: tuple[tuple[LogoFormat, bytes], ...] = (("png", b"\x89PNG\r\n\x1a\n"), ("svg", b"<"))


class UnusableLogo(ValueError):
    """A logo that cannot be printed; says which file, and what to give instead."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it lies in its file."""

    format: LogoFormat
    content: bytes


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of every document.

    Attributes:
        organisation: whose document it is; also the author in the properties of the files.
        lines: what stands beneath it, one line each: address, mail. No names of persons.
        logo: an SVG or PNG file.
    """

    organisation: str
    lines: tuple[str, ...] = ()
    logo: Path | None = None

    def picture(self) -> Logo | None:
        """The logo, read.

        Raises:
            UnusableLogo: the file is missing, too large, or neither SVG nor PNG.
        """
        if self.logo is None:
            return None
        try:
            content = self.logo.read_bytes()
        except OSError as problem:
            raise UnusableLogo(f"{self.logo}: cannot be read: {problem.strerror}") from problem
        if len(content) > LARGEST_LOGO:
            raise UnusableLogo(f"{self.logo}: {len(content)} bytes; give one of at most 2 MiB")
        for name, signature in SIGNATURES:
            if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(signature):
                return Logo(name, content)
        raise UnusableLogo(f"{self.logo}: neither SVG nor PNG")
