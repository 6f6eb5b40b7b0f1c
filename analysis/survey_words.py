"""What answers of a survey say, in the reader's language; and the words of its pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g

from analysis.concerned import GONE, NONE, OTHERS, Named, place_of, title_of
from analysis.entries import Entry, Readings
from analysis.survey_wave import SurveyWave, parts
from forms.definition import Answers, Question, Questionnaire
from survey.locale import desk_gettext as _


def phases() -> dict[str, str]:
    """Whether an audience may answer now."""
    return {
        "not_yet": _("noch nicht offen"),
        "open": _("offen"),
        "closed": _("geschlossen"),
    }


def states() -> dict[str, str]:
    """The states of the return."""
    return {
        "submitted": _("abgegeben"),
        "begun": _("begonnen"),
        "invited": _("noch nicht geöffnet"),
        "no_sheet": _("kein Bogen"),
    }


def quarantine_reasons() -> dict[str, str]:
    """Why a sheet may have been put aside."""
    return {
        "many": _("Von derselben Verbindung kamen ungewöhnlich viele Bögen."),
        "addresses": _("Der Bogen enthält ungewöhnlich viele Internetadressen."),
    }


def choice(key: str) -> str:
    """A key as the value of a filter, where the empty value means all."""
    return key or "-"


def places_of(entry: Entry) -> set[str]:
    """The places an entry names, NONE if none."""
    return {place_of(concerned) for concerned in entry.concerned} or {NONE}


class Says:
    """What answers say, in the reader's language, for templates."""

    def __init__(self, wave: SurveyWave) -> None:
        self._asked = {a.key: a.localised(g.language.code).questionnaire for a in wave.audiences}

    def entry(self, audience: str) -> str:
        """What an entry is called."""
        found = parts(self._asked[audience])
        return found.section.repeat.entry if found and found.section.repeat else ""

    def question(self, audience: str, key: str) -> str:
        """The words of a question by its answer key."""
        asked = self._asked[audience].questions[key.removesuffix(".other")]
        return asked.other_text or asked.text if key.endswith(".other") else asked.text

    def answers(self, audience: str, answers: Answers) -> Iterator[tuple[str, str, bool]]:
        """(question, answer, whether it was typed) of an entry; units and category apart."""
        asked = self._asked[audience]
        found = parts(asked)
        apart = {q.id for q in (found.concerned, found.category) if q} if found else set()
        for key, given in answers.items():
            if key not in apart:
                question = asked.questions[key.removesuffix(".other")]
                typed = key.endswith(".other") or question.type in ("text", "lines")
                yield (
                    self.question(audience, key),
                    str(given) if typed else _chosen(asked, question, given),
                    typed,
                )


def _chosen(questionnaire: Questionnaire, question: Question, given: str | list[str]) -> str:
    codes = [given] if isinstance(given, str) else given
    return ", ".join(o.text for o in questionnaire.options(question) if o.code in codes)


def categories(wave: SurveyWave) -> list[Named]:
    """The respondents' own categories in order, and that of no assignment."""
    found: dict[str, str] = {}
    for audience in wave.audiences:
        asked = audience.localised(g.language.code).questionnaire
        own = parts(asked)
        for option in asked.options(own.category) if own and own.category else ():
            found.setdefault(option.code, option.text)
    return [*found.items(), (NONE, _("nicht zugeordnet"))]


def options(wave: SurveyWave) -> list[Named]:
    """The answers to „where" that are no units, and the rows of what is not said."""
    found: dict[str, str] = {}
    for audience in wave.audiences:
        asked = audience.localised(g.language.code).questionnaire
        own = parts(asked)
        for option in asked.options(own.concerned) if own and own.concerned else ():
            found.setdefault(option.code, option.text)
    return [
        *found.items(),
        (OTHERS, _("seltener genannte Organisationseinheiten")),
        (GONE, _("nicht mehr vorhanden")),
        (NONE, _("keine Angabe")),
    ]


def places(wave: SurveyWave, readings: Readings) -> list[Named]:
    """Every place an entry names, to choose from."""
    named = {place_of(c): title_of(c) for entry in readings.entries for c in entry.concerned}
    first = [(key, title) for key, title in options(wave) if key != OTHERS]
    known = {key for key, _title in first}
    return [*first, *sorted(((k, t) for k, t in named.items() if k not in known), key=_second)]


def _second(named: Named) -> str:
    return named[1]
