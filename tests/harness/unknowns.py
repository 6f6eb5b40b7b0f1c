"""What a reader of everything released writes down: unknown cells, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from analysis.disclosure import ReleasedDistribution
from analysis.rated import RatedCategory, RatedGroup
from tests.harness.hidden_entries import SMALL, hidden_entries
from tests.harness.lp_attacker import FREE, Cell, Unknowns
from tests.harness.population import PaperSheet, PaperWave, colours, rated_questionnaire
from tests.harness.publishing import Published

UNKNOWN, BLANK = "@unknown", "@blank"
BANDS = ("red", "yellow", "green")
Points = Mapping[str, int]


def keys_of(group: RatedGroup) -> tuple[str, ...]:
    """The audiences of a group: here their titles are their keys."""
    return tuple(group.title.split(" + "))


@dataclass(frozen=True)
class Reader:
    """Somebody who has everything that was released of a wave."""

    paper: PaperWave
    shown: Sequence[Published]

    def systems(self) -> Iterator[Unknowns]:
        """Everything that can be written down, part by part: parts share no unknown."""
        for keys in self._entangled():
            questionnaire = rated_questionnaire(self.paper, keys[0])
            for question, points in questionnaire.ratings.items():
                yield self._question(keys, question, points)
            for name in questionnaire.rated_members:
                yield self._question(keys, f"@{name}", None)
        for published in self.shown:
            for group, category in self._coloured(published):
                yield _colours(self, published, group, category)
            if published.entries:
                yield hidden_entries(published, published.entries)

    def _entangled(self) -> list[list[str]]:
        """Audiences that are shown together somewhere, or have to do with such."""
        parts = [{key} for key in self.paper.audiences]
        for published in self.shown:
            groups = [g.keys for g in published.returns] + [keys_of(g) for g in published.ratings]
            for keys in groups:
                touched = [part for part in parts if part & set(keys)]
                parts = [part for part in parts if part not in touched] + [
                    set[str]().union(*touched)
                ]
        return [sorted(part) for part in parts]

    def _coloured(self, published: Published) -> Iterator[tuple[RatedGroup, RatedCategory]]:
        """Categories whose colours stand beside means of what the colours are made of."""
        for group in published.ratings:
            for category in group.categories:
                given = [each.given for each in category.dimensions]
                if category.bands.counts and any(g.n and g.counts is None for g in given):
                    yield group, category

    @cached_property
    def atoms(self) -> dict[tuple[int, ...], list[PaperSheet]]:
        """Sheets by the releases that count them."""
        found: dict[tuple[str, int], list[int]] = {}
        sheets = {}
        for at, published in enumerate(self.shown):
            for sheet in published.sheets:
                found.setdefault((sheet.name, sheet.version), []).append(at)
                sheets[sheet.name, sheet.version] = sheet
        atoms: dict[tuple[int, ...], list[PaperSheet]] = {}
        for mark, places in found.items():
            atoms.setdefault(tuple(places), []).append(sheets[mark])
        return atoms

    def answer(self, sheet: PaperSheet, question: str, options: Sequence[str]) -> str:
        """What a sheet says to a question, or its colour in a category."""
        if question.startswith("@"):
            return colours(self.paper, sheet).get(question[1:], BLANK)
        given = sheet.answers.get(question)
        return BLANK if given is None else given if given in options else UNKNOWN

    def _question(self, keys: list[str], question: str, points: Points | None) -> Unknowns:
        rated = BANDS if points is None else tuple(points)
        options = (*rated, UNKNOWN, BLANK)
        world: dict[Cell, int] = dict.fromkeys(product(keys, self.atoms, options), 0)
        for atom, sheets in self.atoms.items():
            for sheet in sheets:
                if sheet.audience in keys:
                    world[sheet.audience, atom, self.answer(sheet, question, rated)] += 1
        unknowns = Unknowns(world, SMALL)
        for at, published in enumerate(self.shown):
            atoms = [atom for atom in self.atoms if at in atom]
            self._know_sizes(unknowns, published, keys, list(product(atoms, options)))
            for group in published.ratings:
                if keys_of(group)[0] in keys:
                    cells = list(product(keys_of(group), atoms))
                    _know(unknowns, cells, _given(group, question, self.paper), points)
                    _want_group(unknowns, f"release {at}: {group.title}/{question}", cells, options)
            _want_audiences(unknowns, f"release {at}: {question}", keys, atoms, options)
        if len(self.atoms) > 1:
            self._know_changes(unknowns, keys, options, question)
        return unknowns

    def _know_sizes(
        self,
        unknowns: Unknowns,
        published: Published,
        keys: list[str],
        within: list[tuple[tuple[int, ...], str]],
    ) -> None:
        """Groups with their sheets: whoever is in a title has some, whoever is in none has not."""
        for group in published.returns:
            if group.keys[0] in keys:
                unknowns.know(
                    [(key, *rest) for key in group.keys for rest in within],
                    group.sheets,
                    group.sheets,
                )
                for key in group.keys:
                    unknowns.know([(key, *rest) for rest in within], 1)
        named = {key for group in published.returns for key in group.keys}
        for key in keys if named else ():
            if key not in named:
                unknowns.know([(key, *rest) for rest in within], 0, 0)

    def _know_changes(
        self, unknowns: Unknowns, keys: list[str], options: Sequence[str], question: str
    ) -> None:
        """How many sheets came and went may be known; what they say is wanted."""
        for atom, sheets in self.atoms.items():
            number = sum(sheet.audience in keys for sheet in sheets)
            unknowns.know(product(keys, [atom], options), number, number)
            for option in options[:-1]:
                unknowns.want(
                    f"in releases {atom}: {question} = {option}", product(keys, [atom], [option])
                )


def _given(group: RatedGroup, question: str, paper: PaperWave) -> ReleasedDistribution:
    members = rated_questionnaire(paper, keys_of(group)[0]).rated_members
    for key, category in zip(members, group.categories, strict=True):
        if question == f"@{key}":
            return category.bands
    found = (d.given for c in group.categories for d in c.dimensions if d.question == question)
    return next(found)


def _know(
    unknowns: Unknowns,
    cells: list[tuple[str, tuple[int, ...]]],
    given: ReleasedDistribution,
    points: Points | None,
) -> None:
    """What one released distribution says; also what is left out says something."""
    rated = BANDS if points is None else tuple(points)

    def of(*options: str) -> list[Cell]:
        return [(*cell, option) for cell in cells for option in options]

    unknowns.know(of(*rated), *((1, 4) if given.n is None else (given.n, given.n)))
    for option, count in (given.counts or {}).items():
        unknowns.know(of(option), count, count)
    if points and given.mean is not None and given.n:
        total = {(*cell, option): worth for cell in cells for option, worth in points.items()}
        # Rounded to one decimal: twenty times the mean lies between these.
        middle = round(given.mean * 10)
        least, most = (2 * middle - 1) * given.n, (2 * middle + 1) * given.n
        unknowns.know({cell: 20 * worth for cell, worth in total.items()}, least, most)
    if given.unknown is not None and points:
        unknowns.know(of(UNKNOWN), given.unknown, given.unknown)
    elif given.n is not None and points:
        unknowns.know(of(UNKNOWN, BLANK), 1)


def _want_group(
    unknowns: Unknowns,
    name: str,
    cells: list[tuple[str, tuple[int, ...]]],
    options: Sequence[str],
) -> None:
    for option in options[:-1]:
        unknowns.want(f"{name} = {option}", [(*cell, option) for cell in cells])


def _want_audiences(
    unknowns: Unknowns,
    name: str,
    keys: list[str],
    atoms: list[tuple[int, ...]],
    options: Sequence[str],
) -> None:
    for key in keys:
        for option in options[:-1]:
            unknowns.want(f"{name}: {key} = {option}", product([key], atoms, [option]))
        unknowns.want(f"{name}: sheets of {key}", product([key], atoms, options))


# --- colours beside means -------------------------------------------------------------------------


def _colours(
    reader: Reader, published: Published, group: RatedGroup, category: RatedCategory
) -> Unknowns:
    """Answers by the colour of their sheet: a colour bounds the sum of what makes it.

    Unknown is how many sheets of a colour gave which answer to each question.
    """
    keys = keys_of(group)
    questionnaire = rated_questionnaire(reader.paper, keys[0])
    at = group.categories.index(category)
    name, members = list(questionnaire.rated_members.items())[at]
    points = questionnaire.ratings[members[0]]
    options = (*points, UNKNOWN, BLANK)
    world: dict[Cell, int] = dict.fromkeys(product(members, options, (*BANDS, BLANK)), 0)
    sizes = dict.fromkeys((*BANDS, BLANK), 0)
    for sheet in published.sheets:
        if sheet.audience in keys:
            band = reader.answer(sheet, f"@{name}", BANDS)
            sizes[band] += 1
            for member in members:
                world[member, reader.answer(sheet, member, tuple(points)), band] += 1
    unknowns = Unknowns(world, SMALL)
    unknowns.blocks = [list(product([m], options, [b])) for m in members for b in sizes]
    for member, (band, size) in product(members, sizes.items()):
        unknowns.know(product([member], options, [band]), size, size)
    for each in category.dimensions:
        _know_dimension(unknowns, each.question, each.given, points)
        for option in options[:-1]:
            unknowns.want(
                f"{group.title}/{each.question} beside colours = {option}",
                product([each.question], [option], sizes),
            )
    _know_bands(unknowns, members, points, sizes)
    return unknowns


def _know_dimension(
    unknowns: Unknowns, question: str, given: ReleasedDistribution, points: Points
) -> None:
    """As `_know`, where the colour stands last in a cell."""
    moved = Unknowns({}, SMALL)
    _know(moved, [(question, ())], given, points)
    for factors, least, most in moved.known:
        spread = {
            (question, cell[-1], band): factor
            for cell, factor in factors.items()
            for band in (*BANDS, BLANK)
        }
        unknowns.know(spread, least, most)


def _know_bands(
    unknowns: Unknowns, members: Sequence[str], points: Points, sizes: Mapping[str, int]
) -> None:
    """Thirds of a scale from 1 to 5: red is below 2⅓ on average, green from 3⅔ on."""
    ends = {"red": (-FREE, 7), "yellow": (7, 11), "green": (11, FREE)}
    half = -(-len(members) // 2)
    for band, (low, high) in ends.items():
        cells = list(product(members, points, [band]))
        unknowns.know(cells, half * sizes[band])
        if low > -FREE:
            unknowns.know({c: 3 * points[str(c[1])] - low for c in cells}, 0)
        if high < FREE:
            unknowns.know({c: 3 * points[str(c[1])] - high for c in cells}, -FREE, -sizes[band])
