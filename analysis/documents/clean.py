"""Texts as they are laid out: without signs no file format takes, numbers in one piece."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from analysis.figures.writing import unbroken

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control signs, halves of signs, and marks of byte order: XML and PDF/UA refuse most of them."""

Anything = TypeVar("Anything")


def cleaned(value: Anything) -> Anything:
    """The same, with every text in it cleaned: a text, a tuple, or a dataclass of such."""
    return _cleaned(value)  # type: ignore[return-value]  # of the same kind, which mypy cannot see


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return unbroken(UNSEEN.sub("", value))
    if isinstance(value, tuple):
        return tuple(_cleaned(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _cleaned(getattr(value, f.name)) for f in fields(value)})
    return value
