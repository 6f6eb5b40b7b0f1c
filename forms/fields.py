"""From question type to form field: one table; and the one place where typed text is cleaned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from forms.definition import UNIT, Option, Question

LONGEST_TEXT = 10_000
"""Characters of one free-text answer: about three printed pages."""

UNIT_CODE = re.compile(re.escape(UNIT) + "[1-9][0-9]{0,8}")

Gettext = Callable[..., str]
Options = tuple[Option, ...]


def cleaned(text: str | None) -> str:
    """Typed text as it is stored: NFC, line ends as \\n, nothing a database or a sheet refuses.

    PostgreSQL refuses NUL and lone surrogates, spreadsheets the other control characters; they
    carry no meaning in an answer, so they become the replacement character and stay visible.
    """
    if not text:
        return ""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not unified.isprintable():
        unified = "".join(map(_storable, unified))
    return unicodedata.normalize("NFC", unified)


def _storable(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs"):
        return character
    return "\N{REPLACEMENT CHARACTER}"


class OneOf:
    """Refuses what is none of the options; WTForms' own check would speak English everywhere."""

    def __init__(self, codes: Collection[str], message: str) -> None:
        self.codes = frozenset(codes)
        self.message = message

    def __call__(self, _form: object, field: Field) -> None:
        given = field.data or ()
        if not self.codes.issuperset([given] if isinstance(given, str) else given):
            raise ValidationError(self.message)


def _scale(_question: Question, options: Options, gettext: Gettext) -> Field:
    message = gettext("Bitte wählen Sie eine der angezeigten Antworten.")
    return RadioField(
        validate_choice=False,
        validators=[OneOf([option.code for option in options], message)],
    )


def _ticks(_question: Question, options: Options, gettext: Gettext) -> Field:
    message = gettext("Bitte wählen Sie nur aus den angezeigten Feldern.")
    return SelectMultipleField(
        validate_choice=False,
        validators=[OneOf([option.code for option in options], message)],
    )


class OneOfOrUnit(OneOf):
    """Accepts concerned units too; which of them exist, only the database knows."""

    def __call__(self, form: object, field: Field) -> None:
        known = OneOf(self.codes | {c for c in field.data or () if UNIT_CODE.fullmatch(c)}, "")
        known.message = self.message
        known(form, field)


def _units(_question: Question, options: Options, gettext: Gettext) -> Field:
    message = gettext("Bitte wählen Sie nur aus den angezeigten Feldern.")
    return SelectMultipleField(
        validate_choice=False,
        validators=[OneOfOrUnit([option.code for option in options], message)],
    )


def _text(_question: Question, _options: Options, gettext: Gettext) -> Field:
    return text_field(TextAreaField, gettext)


def text_field(kind: type[StringField], gettext: Gettext) -> Field:
    """A free text of at most LONGEST_TEXT characters, given back whole if it is longer."""
    message = gettext(
        "Der Text ist zu lang: höchstens %(most)s Zeichen. "
        "Bitte kürzen Sie ihn; er steht noch vollständig im Feld.",
        most=LONGEST_TEXT,
    )
    return kind(filters=[cleaned], validators=[Length(max=LONGEST_TEXT, message=message)])


FIELD_TYPES: dict[str, Callable[[Question, Options, Gettext], Any]] = {
    "scale": _scale,
    "rating": _scale,
    "ticks": _ticks,
    "units": _units,
    "text": _text,
    "lines": _text,
}
