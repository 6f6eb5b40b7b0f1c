"""What one unit takes away: its result, its history and its next steps, in its own language.

The words are those of the respondents' pages; the numbers those of the result page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from analysis.documents.unit_sheet import (
    BandCode,
    Category,
    ComparisonRow,
    EarlierResult,
    Listing,
    Promise,
    ScaleStep,
    Statement,
    UnitSheet,
)
from analysis.evaluation.office import Wave, exact
from analysis.evaluation.units import comparison
from analysis.numbers import Chain, WaveNumbers, read_chain
from analysis.years import paired, same_wording
from config import Config
from survey.files import Wanted
from survey.locale import current, request_languages
from survey.locale import gettext as _
from survey.messages import bands, promise_marks
from survey.outcome import CategoryRows, Outcome, QuestionRow, read_outcome
from survey.questionnaires import Library
from survey.standing import Standing

BANDS: tuple[BandCode, ...] = ("red", "yellow", "green")


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
        history=tuple(_history(chain, wanted)) if chain else (),
        comparison=_comparison(chain, standing),
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


def _history(chain: Chain, wanted: Wanted) -> Iterator[EarlierResult]:
    """The unit's own earlier results, newest first, with the colours given at the time."""
    names, unit = bands(), wanted.standing.unit_id
    own = {unit: chain.now.points.get(unit, {})}
    for each in chain.before:
        points = each.named_points if wanted.at_desk else each.points
        same = "@total" in same_wording(chain.now.questionnaire, each.questionnaire)
        for pair in paired(own, points, chain.successors):
            total = exact(pair.then.get("@total"))
            comparable = same and isinstance(total, int)
            colour = _colour_then(each, pair.then_unit)
            yield EarlierResult(
                wave=each.title,
                points=total if comparable and isinstance(total, int) else None,
                possible=_possible(each) if comparable else None,
                band=colour,
                band_word=names.get(colour or "", ""),
            )


def _colour_then(each: WaveNumbers, unit_id: int) -> BandCode | None:
    """The colour a unit was given; None for several sheets: averages get none."""
    of_unit = (each.tally["unit_id"] == unit_id) & (each.tally["question"] == "@band")
    given = [str(value) for value in each.tally.loc[of_unit, "value"]]
    return next((b for b in BANDS if given == [b]), None) if each.sheets[unit_id] == 1 else None


def _possible(each: WaveNumbers) -> int:
    return sum(map(each.questionnaire.most_points, each.questionnaire.scored))


def _comparison(chain: Chain | None, standing: Standing) -> tuple[ComparisonRow, ...]:
    """Each statement beside the mean of all others, where they are at least five."""
    if chain is None or not chain.now.as_released:
        # Means made anew after a correction would tell the others the corrected sheet.
        return ()
    language = current().code
    part = comparison(Wave(chain, language, "internal"), standing.unit_id, for_unit=True)
    if part is None:
        return ()
    table, found = part.table, []
    place = next((i for i, c in enumerate(table.columns) if c.key == "city"), None)
    for row in table.rows:
        own, others = row.cells[0], row.cells[place] if place is not None else None
        if isinstance(own, int | float):
            found.append(
                ComparisonRow(
                    label=row.title,
                    own=float(own),
                    others=float(others) if isinstance(others, int | float) else None,
                    n=len(chain.now.named_points) - 1,
                )
            )
    return tuple(found)


def known_language(code: str) -> str:
    """A language the application has, German for any other."""
    return code if code in request_languages() else "de"
