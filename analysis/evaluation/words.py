"""Numbers inside sentences, in the language that is being spoken."""

from __future__ import annotations

from survey.locale import decimal, listed, percent, plain, signed
from survey.locale import desk_gettext as _

__all__ = ["decimal", "listed", "percent", "plain", "sheets", "signed"]


def sheets(number: int) -> str:
    """So many sheets, in words."""
    return _("einem Bogen") if number == 1 else _("%(number)s Bögen", number=number)
