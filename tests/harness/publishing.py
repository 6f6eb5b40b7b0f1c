"""Everything that is released of a population, by the code that releases it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis import audiences, concerned, rated
from analysis.disclosure import Group, ReleasedDistribution
from analysis.disclosure import releases as ledger
from analysis.entries import Concerned, Entry, Sheet
from analysis.rated import RatedGroup
from analysis.survey_wave import Asked, SurveyWave
from tests.harness.population import (
    PaperSheet,
    PaperWave,
    categories_of,
    colours,
    questionnaire_of,
)

_NIGHT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Published:
    """One release as it is read: groups with their sheets, ratings, entries by unit."""

    sheets: tuple[PaperSheet, ...]
    returns: tuple[Group, ...]
    ratings: tuple[RatedGroup, ...]
    entries: concerned.ConcernedTable | None


def publish(paper: PaperWave) -> list[Published]:
    """What is shown of a wave, release by release: one the ledger refuses is never shown."""
    wave = _wave(paper)
    shown: list[Published] = []
    kept: list[ledger.Release] = []
    for revision, sheets in enumerate(paper.revisions):
        found = _published(paper, wave, sheets)
        marks = frozenset(f"{sheet.name} {sheet.version}" for sheet in sheets)
        new = ledger.Release(paper.year, revision, _tables(found), marks)
        verdict = ledger.may_release(new, kept)
        if verdict.shown is new:
            kept.append(new)
            shown.append(found)
    return shown


def _wave(paper: PaperWave) -> SurveyWave:
    return SurveyWave(
        id=paper.year,
        slug="",
        title="",
        mode="anonymous",
        sample=True,
        opens=_NIGHT,
        now=_NIGHT,
        unsealed=_NIGHT,
        named_kinds=(),
        staff_council_note="",
        audiences=tuple(
            Asked(key, key, _NIGHT, questionnaire_of(paper.questionnaire, key))
            for key in paper.audiences
        ),
    )


def _published(paper: PaperWave, wave: SurveyWave, sheets: Sequence[PaperSheet]) -> Published:
    sizes = Counter(sheet.audience for sheet in sheets)
    numbers = {key: audiences.Sheets(sizes[key], 0, protected=True) for key in paper.audiences}
    found = rated.rated(wave, numbers, counted(paper, sheets), "de", closed=True)
    return Published(
        tuple(sheets),
        audiences.sheet_groups(wave, sizes),
        found.groups,
        _entries_table(paper, sheets),
    )


def counted(paper: PaperWave, sheets: Iterable[PaperSheet]) -> audiences.Counts:
    """The tally of these sheets."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for sheet in sheets:
        for key, value in sheet.answers.items():
            counts.setdefault((sheet.audience, key), Counter())[value] += 1
        for category, band in colours(paper, sheet).items():
            key = f"@category_band:{category}"
            counts.setdefault((sheet.audience, key), Counter())[band] += 1
    return counts


def _entries_table(
    paper: PaperWave, sheets: Sequence[PaperSheet]
) -> concerned.ConcernedTable | None:
    entries = written(sheets)
    if not entries:
        return None
    columns = [(key, key) for key in categories_of(paper.questionnaire)]
    places = ("whole", "unsure", concerned.OTHERS, concerned.GONE, concerned.NONE)
    return concerned.concerned_table(entries, columns, [(p, p) for p in places], protect=True)


def written(sheets: Sequence[PaperSheet]) -> list[Entry]:
    """The entries of these sheets as the desk reads them."""
    return [
        Entry(
            Sheet(number, sheet.audience, "", "", "", "", "", {}, {}),
            place,
            {},
            tuple(Concerned(key, code=key, name=key) for key in places),
            category,
            "",
        )
        for number, sheet in enumerate(sheets)
        for place, (places, category) in enumerate(sheet.entries)
    ]


def _tables(found: Published) -> dict[str, ledger.Numbers]:
    sizes = {group.title: group.sheets for group in found.returns}
    tables = {"return": ledger.Numbers(sizes, "sizes")}
    for group in found.ratings:
        for category in group.categories:
            tables[f"{group.title}/@{category.title}"] = _colours(category.bands)
            for each in category.dimensions:
                tables[f"{group.title}/{each.question}"] = _numbers(each.given)
    if found.entries:
        lines = {line.key: (*line.cells, line.total) for line in found.entries.lines}
        lines["total"] = (*found.entries.totals, found.entries.total)
        for key, cells in lines.items():
            shown = {str(at): number for at, number in enumerate(cells)}
            tables[f"entries/{key}"] = ledger.Numbers(shown, "entries")
    return tables


def _colours(given: ReleasedDistribution) -> ledger.Numbers:
    counts: dict[str, ledger.Number] = (
        {"counts": None} if given.counts is None else {**given.counts}
    )
    return ledger.Numbers(counts | {"n": given.n})


def _numbers(given: ReleasedDistribution) -> ledger.Numbers:
    rest = {"mean": given.mean, "unknown": given.unknown}
    return ledger.Numbers({**_colours(given).cells, **rest})
