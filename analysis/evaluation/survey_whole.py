"""The evaluation of a barrier survey, put together for one reader and one language."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from analysis.disclosure import THRESHOLD
from analysis.evaluation.sections import Evaluation, Section
from analysis.evaluation.survey_categories import survey_categories
from analysis.evaluation.survey_dimensions import survey_dimensions
from analysis.evaluation.survey_earlier import survey_earlier
from analysis.evaluation.survey_entries import survey_entries
from analysis.evaluation.survey_numbers import Survey
from analysis.evaluation.survey_return import survey_return
from analysis.evaluation.survey_texts import survey_texts
from analysis.evaluation.whole import interim, marking
from survey.locale import current, day, last_day
from survey.locale import desk_gettext as _

HEADLINE = ("categories", "dimensions", "entries", "return")
"""The sections whose findings somebody reads who reads one page."""


def survey_evaluation(
    survey: Survey, mirror: Section | None, *, today: date, zone: ZoneInfo
) -> Evaluation:
    """Everything a survey says to readers of `survey.level`, in the language that is spoken now.

    One section alone, which says so, where nothing may be read yet: of a sealed wave, and for the
    public of every wave somebody can still answer.
    """
    sections = (_waiting(survey),) if _sealed(survey) else _sections(survey, mirror)
    findings = {section.key: section.finding for section in sections}
    wave = survey.wave
    closes = max(audience.closes for audience in wave.audiences)
    return Evaluation(
        slug=wave.slug,
        title=wave.title,
        subtitle=_(
            "Zeitraum: %(opens)s bis %(closes)s",
            opens=day(wave.opens, zone),
            closes=last_day(closes, zone),
        ),
        headline=tuple(findings[key] for key in (*HEADLINE, "waiting") if key in findings),
        sections=sections,
        method=_method(survey),
        level=survey.level,
        marking=_("Noch versiegelt: enthält keine Ergebnisse.")
        if _sealed(survey)
        else interim(
            marking(survey.level, names_units=survey.names_units),
            closed=survey.numbers.closed,
            until=last_day(closes, zone),
        ),
        sample=wave.sample,
        language=current().code,
        revision=survey.numbers.revision,
        made=today,
        closes=closes.astimezone(zone).date(),
    )


def _sealed(survey: Survey) -> bool:
    open_to_nobody = survey.level == "public" and not survey.numbers.closed
    return not survey.wave.readable or open_to_nobody


def _sections(survey: Survey, mirror: Section | None) -> tuple[Section, ...]:
    found = (
        survey_return(survey),
        survey_categories(survey),
        survey_dimensions(survey),
        survey_entries(survey),
        survey_texts(survey),
        survey_earlier(survey),
        mirror,
    )
    return tuple(section for section in found if section)


def _waiting(survey: Survey) -> Section:
    anonymous = survey.wave.anonymous
    return Section(
        key="waiting",
        question=_("Was lässt sich schon lesen?"),
        finding=_(
            "Noch nichts: Die Bögen sind versiegelt. Vor dem Ende kann niemand sie lesen oder "
            "zählen."
        )
        if anonymous
        else _("Noch nichts: Veröffentlicht wird erst, wenn niemand mehr antworten kann."),
        parts=(),
    )


def _method(survey: Survey) -> tuple[tuple[str, str], ...]:
    return (
        (_("Woher die Zahlen kommen"), _origin(survey)),
        (
            _("Wie gezählt wurde"),
            _(
                "Bewertungen werden gemittelt, nie addiert; „weiß ich nicht“ ist eine Antwort, "
                "aber keine Bewertung. Ein Mittel einer Kategorie zählt jede ihrer Dimensionen "
                "einmal. Wer die eigene Organisationseinheit eingeschätzt hat und wer die "
                "Stadtverwaltung, steht nie in einem Mittel. Hemmnisse sind nach der eigenen "
                "Zuordnung der Befragten gezählt."
            ),
        ),
        (
            _("Was die Zahlen sagen und was nicht"),
            _(
                "Es sind Einschätzungen derer, die geantwortet haben. Wie oft ein Hemmnis genannt "
                "wird, sagt nicht, wie viele Menschen es trifft. Die Einschätzungen sind "
                "freiwillig; darum steht n bei jedem Mittel."
            ),
        ),
        (_("Wie kleine Gruppen geschützt sind"), _protection(survey)),
    )


def _origin(survey: Survey) -> str:
    titles = dict.fromkeys(
        _(
            "Fragebogen: %(title)s, Fassung %(version)s. Quelle des Wortlauts: %(source)s.",
            title=questionnaire.title,
            version=questionnaire.version,
            source=questionnaire.source.rstrip("."),
        )
        for questionnaire in survey.questionnaires
    )
    return " ".join(titles)


def _protection(survey: Survey) -> str:
    rule = _(
        "Zahlen erscheinen erst, wenn niemand mehr antworten kann, und nur über mindestens "
        "%(threshold)s Bögen. Zielgruppen mit weniger Bögen sind zusammengelegt. Verteilungen und "
        "Felder mit kleineren Zahlen bleiben weg, ebenso was sich aus anderen Zahlen errechnen "
        "ließe. Ein Punkt (·) steht für eine Zahl, die es gibt und die nicht gezeigt wird.",
        threshold=THRESHOLD,
    )
    if survey.level == "public" or survey.wave.anonymous:
        return rule
    own = _(
        "Ämter und Eigenbetriebe der Stadt, die mit Namen geantwortet haben, sind ungekürzt "
        "gezählt."
    )
    return f"{rule} {own}"
