"""From a section to its form class, built once per (checksum, section, language)."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField

from forms.definition import AnswerValue, Questionnaire, Section
from forms.fields import FIELD_TYPES, Gettext, text_field


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type hints
    """A form whose fields are named after answer keys."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        # The token is checked once for every POST, before a form is even built.
        csrf = False
        # Messages come from our catalogues; WTForms has none for Vietnamese or Pashto.
        locales = False

        def get_translations(self, _form: object) -> None:
            """None: Flask-WTF would read a catalogue of WTForms from the disk for every form."""

    def answers(self) -> dict[str, AnswerValue]:
        """The typed answers by key, whatever is empty left out."""
        return {name: field.data for name, field in self._fields.items() if field.data}


_built: dict[tuple[str, tuple[str, ...], str], type[AnswerForm]] = {}


def build_form(
    questionnaire: Questionnaire,
    sections: tuple[Section, ...],
    cache_key: tuple[str, str],
    gettext: Gettext,
) -> type[AnswerForm]:
    """The form class of one page.

    Args:
        questionnaire: in the language of the page.
        sections: what stands on the page; usually one.
        cache_key: checksum of the frozen questionnaire, and language.
        gettext: translates this project's own messages into that language.
    """
    key = (cache_key[0], tuple(section.id for section in sections), cache_key[1])
    if key not in _built:
        fields: dict[str, Any] = {}
        for question in (q for section in sections for q in section.questions):
            options = questionnaire.options(question)
            fields[question.id] = FIELD_TYPES[question.type](question, options, gettext)
            if question.other:
                fields[f"{question.id}.other"] = text_field(StringField, gettext)
        _built[key] = type("SectionForm", (AnswerForm,), fields)
    return _built[key]
