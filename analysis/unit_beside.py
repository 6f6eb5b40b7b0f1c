"""What stands beside a unit's result: its own earlier ones, and the mean of all others.

Only numbers and the names of colours; computed by the evaluation, as for every other reader.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.documents.unit_sheet import BandCode, ComparisonRow, EarlierResult
from analysis.evaluation.office import Wave, exact
from analysis.evaluation.units import comparison
from analysis.numbers import Chain, WaveNumbers
from analysis.years import paired, same_wording
from survey.files import Wanted
from survey.locale import current
from survey.messages import bands
from survey.standing import Standing

BANDS: tuple[BandCode, ...] = ("red", "yellow", "green")


def history(chain: Chain, wanted: Wanted) -> Iterator[EarlierResult]:
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


def compared(chain: Chain | None, standing: Standing) -> tuple[ComparisonRow, ...]:
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
