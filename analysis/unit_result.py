"""What one unit takes away: its result, its history and its next steps, in its own language.

The words are those of the respondents' pages; the numbers those of the result page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from analysis.documents.unit_sheet import (
    Category,
    Listing,
    Promise,
    ScaleStep,
    Statement,
    UnitSheet,
)
from analysis.numbers import read_chain
from analysis.unit_beside import compared, history
from config import Config
from survey.files import Wanted
from survey.locale import current, ngettext, request_languages
from survey.locale import gettext as _
from survey.messages import bands, promise_marks
from survey.outcome import CategoryRows, Outcome, QuestionRow, read_outcome
from survey.questionnaires import Library
from survey.standing import Standing


def unit_sheet(
    connection: Connection, library: Library, config: Config, wanted: Wanted, today: date
) -> UnitSheet:
    """The sheet of a unit that has submitted a scored questionnaire, in the language spoken.

    At the desk an earlier sheet is left out that was promised not to be read there by name.

    Raises:
        LookupError: nothing was submitted, or nothing in it is scored.
    """
    standing = wanted.standing
    frozen = library.stored(connection, standing.checksum)
    language = current().code if current().code in frozen.languages else "de"
    localised = frozen.localised(language)
    outcome = read_outcome(connection, library, standing, localised, at_desk=wanted.at_desk)
    if outcome.result is None or standing.submitted is None:
        raise LookupError(f"{standing.handle}: no result")
    chain = read_chain(connection, library, standing.wave_slug)
    sheet = _sheet(outcome, standing, today, config.zone)
    return replace(
        sheet,
        contact=_contact(outcome, config),
        # At the desk nobody handed it in.
        receipt="" if wanted.at_desk else standing.receipt,
        history=tuple(history(chain, wanted)) if chain else (),
        comparison=compared(chain, standing),
    )


def _sheet(outcome: Outcome, standing: Standing, today: date, zone: ZoneInfo) -> UnitSheet:
    names, result = bands(), outcome.result
    if result is None or standing.submitted is None:
        raise LookupError(standing.handle)
    return UnitSheet(
        unit=standing.unit_name,
        wave=standing.wave_title,
        day=standing.submitted.astimezone(zone).date(),
        made=today,
        language=current().code,
        direction="rtl" if current().direction == "rtl" else "ltr",
        total=result.total.reached,
        possible=result.total.possible,
        band=result.band,
        band_word=names.get(result.band or "", ""),
        scale=_scale(outcome),
        categories=_categories(outcome),
        advice=outcome.advice,
        reader=_(
            "Für Ihre Organisationseinheit bestimmt. Wer das Ergebnis sonst liest, steht auf der "
            "ersten Seite des Fragebogens."
        ),
        contact="",
        promises=tuple(
            Promise(row.text, promise_marks().get(row.mark, _("ohne Angabe")))
            for row in outcome.kept_promises
        ),
        listings=tuple(_listings(outcome)),
        comparison_note=_(
            "Verglichen wird mit dem Mittel von mindestens fünf anderen, und erst nach dem Ende "
            "des Durchgangs. Eine Rangfolge gibt es nicht."
        ),
        provisional=_(
            "Vorläufige Schwellen: Die Farbskala des Formulars nennt keine Zahlen; bis zu ihrer "
            "Festlegung gilt eine Teilung in drei gleich große Abschnitte."
        )
        if outcome.provisional
        else "",
        near=_near(outcome),
        hidden_red=_hidden_red(outcome),
        categories_note=_(
            "Farben der Kategorien sind nur ein Anhaltspunkt (vorläufige Schwellen). Verglichen "
            "wird nach dem Anteil am Möglichen, weil die Kategorien verschieden viele Fragen haben."
        )
        if outcome.provisional and any(rows.score.band for rows in outcome.categories)
        else "",
        todos=_todos(outcome),
        todo_notes=_todo_notes(outcome),
        sample=standing.sample,
    )


def _scale(outcome: Outcome) -> tuple[ScaleStep, ...]:
    questionnaire, names = outcome.questionnaire, bands()
    if questionnaire.bands is None:
        return ()
    steps, lowest = [], questionnaire.least_total
    for step in questionnaire.bands.steps:
        steps.append(ScaleStep(step.band, names[step.band], lowest, step.highest))
        lowest = step.highest + 1
    return tuple(steps)


def _near(outcome: Outcome) -> str:
    """How far the next colours are, better first: the sentences of the result page."""
    names, said = bands(), []
    if outcome.above:
        up = outcome.above
        said.append(
            ngettext(
                "Ein Punkt mehr, und das Ergebnis wäre %(band)s.",
                "Bis %(band)s fehlen %(num)s Punkte.",
                up.distance,
                band=names[up.band],
            )
        )
    if outcome.below:
        down = outcome.below
        said.append(
            ngettext(
                "Ein Punkt weniger, und das Ergebnis wäre %(band)s.",
                "Erst mit %(num)s Punkten weniger wäre es %(band)s.",
                down.distance,
                band=names[down.band],
            )
        )
    return " ".join(said)


def _hidden_red(outcome: Outcome) -> tuple[str, ...]:
    return tuple(
        _(
            "„%(category)s“ für sich allein wäre rot (%(points)s von %(possible)s Punkten).",
            category=rows.category.title,
            points=rows.score.points.reached,
            possible=rows.score.points.possible,
        )
        for rows in outcome.categories
        if rows.hidden_red
    )


def _todos(outcome: Outcome) -> tuple[Listing, ...]:
    asked = outcome.questionnaire.questions
    return tuple(
        Listing(
            _("Zu Frage %(number)s", number=asked[question].number or question),
            tuple(todo.text for todo in items),
        )
        for question, items in outcome.todos.items()
    )


def _todo_notes(outcome: Outcome) -> tuple[str, ...]:
    if not outcome.todos:
        return ()
    source = outcome.questionnaire.todo_source
    ours = _("Welcher Punkt zu welcher Frage passt, ist unsere Zuordnung.")
    return (f"{source}.", ours) if source else (ours,)


def _categories(outcome: Outcome) -> tuple[Category, ...]:
    found = [_category(rows) for rows in outcome.categories]
    if outcome.uncategorised:
        rows = outcome.uncategorised
        found.append(
            Category(
                title=_("Weitere Aussagen") if outcome.categories else _("Aussagen"),
                points=sum(row.points for row in rows),
                possible=sum(row.possible for row in rows),
                statements=tuple(_statement(row, place) for place, row in enumerate(rows, 1)),
            )
        )
    return tuple(found)


def _category(rows: CategoryRows) -> Category:
    points = rows.score.points
    return Category(
        title=rows.category.title,
        points=points.reached,
        possible=points.possible,
        statements=tuple(_statement(row, place) for place, row in enumerate(rows.questions, 1)),
        pointed_out=rows.weak,
        band=rows.score.band,
        band_word=bands().get(rows.score.band or "", ""),
        before=rows.before,
    )


def _statement(row: QuestionRow, place: int) -> Statement:
    return Statement(
        number=row.question.number or str(place),
        text=row.question.text,
        answer=row.answer,
        points=row.points,
        possible=row.possible,
        pointed_out=row.weak,
        before=row.before,
    )


def _listings(outcome: Outcome) -> list[Listing]:
    found = []
    for question, entries, other in outcome.texts:
        found.append(Listing(question.text, (*entries, *([other] if other else []))))
    return found


def _contact(outcome: Outcome, config: Config) -> str:
    contact = outcome.questionnaire.contact
    text, mail = (contact.text, contact.mail) if contact else (config.contact, config.contact_mail)
    return f"{text} {mail}" if mail else text


def known_language(code: str) -> str:
    """A language the application has, German for any other."""
    return code if code in request_languages() else "de"
