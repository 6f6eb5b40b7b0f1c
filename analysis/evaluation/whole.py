"""The evaluation of a Selbstcheck wave, put together for one reader and one language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from analysis.disclosure import THRESHOLD
from analysis.evaluation.change import change
from analysis.evaluation.cooperation import cooperation
from analysis.evaluation.office import Wave
from analysis.evaluation.promises import promises
from analysis.evaluation.returns import returns
from analysis.evaluation.sections import Evaluation, Level, Section
from analysis.evaluation.standing import standing
from analysis.evaluation.statements import statements
from analysis.evaluation.units import units
from analysis.promised import Promise
from survey.locale import current, day, last_day
from survey.locale import desk_gettext as _

HEADLINE = ("standing", "statements", "change", "return", "promises")
"""The sections whose findings somebody reads who reads one page."""


def evaluation(
    wave: Wave,
    made: Sequence[Promise],
    mirror: Section | None,
    *,
    today: date,
    zone: ZoneInfo,
) -> Evaluation:
    """Everything a wave says to readers of `wave.level`, in the language that is spoken now."""
    found = (
        standing(wave),
        statements(wave),
        units(wave),
        change(wave),
        returns(wave),
        promises(wave, made),
        cooperation(wave),
        mirror,
    )
    sections = tuple(section for section in found if section and section.parts)
    findings = {section.key: section.finding for section in sections}
    numbers = wave.numbers
    return Evaluation(
        slug=numbers.slug,
        title=numbers.title,
        subtitle=_(
            "Zeitraum: %(opens)s bis %(closes)s",
            opens=day(numbers.opens, zone),
            closes=last_day(numbers.closes, zone),
        ),
        headline=tuple(findings[key] for key in HEADLINE if key in findings),
        sections=sections,
        method=_method(wave),
        level=wave.level,
        marking=interim(
            marking(wave.level, names_units=wave.names_units),
            closed=numbers.closed,
            until=last_day(numbers.closes, zone),
        ),
        sample=numbers.sample,
        language=current().code,
        revision=numbers.revision,
        made=today,
        closes=numbers.closes.astimezone(zone).date(),
    )


def marking(level: Level, *, names_units: bool) -> str:
    """Who may read it, in words that stand on every page."""
    if level == "public":
        return _("Öffentliche Zusammenfassung: enthält keine Ergebnisse einzelner Einheiten.")
    if names_units:
        return _(
            "Nicht zur Weitergabe: enthält Ergebnisse einzelner Organisationseinheiten mit Namen."
        )
    return _("Für die Verwaltungsspitze: enthält keine Ergebnisse einzelner Einheiten.")


def interim(said: str, *, closed: bool, until: str) -> str:
    """The marking of a wave somebody can still answer says that first."""
    if closed:
        return said
    return _("Zwischenstand, läuft bis %(day)s. %(marking)s", day=until, marking=said)


def _method(wave: Wave) -> tuple[tuple[str, str], ...]:
    questionnaire = wave.questionnaire
    found = [
        (_("Woher die Zahlen kommen"), _origin(wave)),
        (
            _("Wie gezählt wurde"),
            _(
                "Farben und Antworten zählen Bögen. Im Mittel der Stadt zählt jedes Amt einmal: "
                "mit seinem eigenen Bogen oder, wo es keinen hat, mit dem Mittel der Einheiten "
                "darunter. Mittel sind ungewichtet, wenn nichts anderes dabeisteht. Kategorien "
                "werden als Anteil der möglichen Punkte verglichen."
            ),
        ),
        (
            _("Was die Zahlen sagen und was nicht"),
            _(
                "Alle Einheiten wurden gefragt, es ist keine Stichprobe: Angaben zur Signifikanz "
                "wären sinnlos. Offen bleibt, wie die geantwortet hätten, die nicht geantwortet "
                "haben; darum stehen Rücklauf und n bei jedem Mittel. Es sind "
                "Selbsteinschätzungen."
            ),
        ),
    ]
    if questionnaire.bands and questionnaire.bands.provisional:
        found.append((_("Die Farben"), _thresholds(wave)))
    if wave.chain.before:
        found.append(
            (
                _("Der Vergleich der Jahre"),
                _(
                    "Verglichen wird nur, was im selben Wortlaut gefragt wurde, und je Einheit "
                    "nur, wer beide Male geantwortet hat. Nachfolger stehen für ihre Vorgänger. "
                    "Farben früherer Jahre folgen den heutigen Schwellen, damit sie vergleichbar "
                    "sind. Änderungen sind aus ungerundeten Mitteln berechnet."
                ),
            )
        )
    return (*found, (_("Wie kleine Gruppen geschützt sind"), _protection(wave)))


def _origin(wave: Wave) -> str:
    return _(
        "Fragebogen: %(title)s, Fassung %(version)s. Quelle des Wortlauts: %(source)s.",
        title=wave.questionnaire.title,
        version=wave.questionnaire.version,
        source=wave.questionnaire.source.rstrip("."),
    )


def _thresholds(wave: Wave) -> str:
    bands = wave.questionnaire.bands
    steps = bands.steps if bands else ()
    highest = {step.band: step.highest for step in steps}
    return _(
        "Die Schwellen sind vorläufig: rot bis %(red)s, gelb bis %(yellow)s, darüber grün, von "
        "%(possible)s Punkten. Mittelwerte bekommen keine Farbe.",
        red=highest.get("red", "–"),
        yellow=highest.get("yellow", "–"),
        possible=wave.possible_total,
    )


def _protection(wave: Wave) -> str:
    if wave.level == "public":
        return _(
            "Gezeigt wird erst, wenn niemand mehr antworten kann. Verteilungen, in denen eine Zahl "
            "unter %(threshold)s läge, und Mittel über weniger als %(threshold)s bleiben weg, "
            "ebenso was sich aus anderen Zahlen errechnen ließe. Ein Punkt (·) steht für eine "
            "Zahl, die es gibt und die nicht gezeigt wird.",
            threshold=THRESHOLD,
        )
    return _(
        "Bögen kleinerer Einheiten sehen nur sie selbst und ihre übergeordnete Stelle; hier stehen "
        "sie nur in Mitteln über mindestens %(threshold)s Bögen, und erst, wenn niemand mehr "
        "antworten kann. Ein Punkt (·) steht für eine Zahl, die es gibt und die nicht gezeigt "
        "wird.",
        threshold=THRESHOLD,
    )
