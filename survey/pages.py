"""Pages compiled once: a template rendered with marked slots, cut there, joined per request.

Rendering 40 radio buttons costs milliseconds; escaping and joining a few strings costs
microseconds. A template uses `slots['name']` wherever pages of the same kind differ. Compiling
renders it with markers in those places; `fill` escapes the values and joins. The markers contain
NUL, which no template and no questionnaire text can contain, and values are never searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from markupsafe import Markup, escape

_MARK: Final = re.compile("\x00([^\x00]+)\x00")
_MOST_PAGES = 2000


class Slots(dict[str, Markup]):
    """Stands in for the values while a template is compiled."""

    def __missing__(self, name: str) -> Markup:
        return Markup(f"\x00{name}\x00")  # noqa: S704  # a marker, cut out again below


class Page:
    """Segments of finished HTML with named slots between them."""

    def __init__(self, marked: str) -> None:
        pieces = _MARK.split(marked)
        self._segments = pieces[::2]
        self._names = pieces[1::2]
        self._blank: dict[str, str] = dict.fromkeys(self._names, "")

    def blank(self) -> dict[str, str]:
        """A new mapping with every slot empty, to put values into."""
        return self._blank.copy()

    def fill(self, values: Mapping[str, str]) -> str:
        """The whole page; strings are escaped, Markup is put in as it is.

        Raises:
            KeyError: a slot has no value.
        """
        parts = [self._segments[0]]
        for name, segment in zip(self._names, self._segments[1:], strict=True):
            value = values[name]
            if value:
                parts.append(escape(value))
            parts.append(segment)
        return "".join(parts)


class Pages:
    """The compiled pages of one process."""

    def __init__(self) -> None:
        self._compiled: dict[Hashable, Page] = {}

    def get(self, key: Hashable, render: Callable[[Slots], str]) -> Page:
        """The page for this key, rendered with slots on first use."""
        page = self._compiled.get(key)
        if page is None:
            if len(self._compiled) >= _MOST_PAGES:
                self._compiled.clear()
            page = self._compiled[key] = Page(render(Slots()))
        return page
