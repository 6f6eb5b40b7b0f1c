"""One barrier survey as its sections need it: what was read, and whose answers stand together.

The city's own offices, read by name, are counted as they are; everybody else only once nobody can
answer, merged into groups of at least THRESHOLD sheets. The groups are the same in every section
and at every level: two ways of merging would give away the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import Connection, bindparam, select

from analysis.audiences import (
    AudienceReturn,
    Counts,
    Sheets,
    read_counts,
    read_sheets,
    return_by_audience,
)
from analysis.disclosure import Group, merged
from analysis.entries import Entry, Readings, Sheet, read_entries
from analysis.evaluation.sections import Level
from analysis.held_survey import Held, Written, held
from analysis.rated import RatedGroup, rated
from analysis.survey_wave import Asked, SurveyWave, is_closed, parts, read_wave
from forms.definition import Questionnaire
from forms.history import History
from survey.history import histories
from survey.questionnaires import Library
from survey.standing import of_wave
from survey.tables import invitation, unit, wave

FREE_TEXTS = ("text", "lines")
"""Types of questions whose answers are free texts."""


@dataclass(frozen=True)
class SurveyNumbers:
    """Everything that is counted of one survey; no words of a respondent, no name of one.

    Attributes:
        revision: the wave's, when this was read.
        closed: whether nobody can answer any more; of an anonymous wave, whether it is unsealed.
        inside: audiences of nothing but the city's own units.
        returns: invited units and what came of it, by audience.
        sheets, counts: by audience; empty while a wave is sealed.
        entries: whom they concern and their category; of a sheet only number, audience and group.
        withheld: sheets that are in no entry here, because their units are not read by name.
        released: whether these are the numbers of a release, not those of this moment.
        earlier: surveys before this program.
    """

    wave: SurveyWave
    revision: int
    closed: bool
    inside: frozenset[str]
    returns: tuple[AudienceReturn, ...]
    sheets: Mapping[str, Sheets]
    counts: Counts
    entries: tuple[Entry, ...] = ()
    texts: tuple[Written, ...] = ()
    withheld: int = 0
    released: bool = False
    earlier: tuple[History, ...] = ()

    @property
    def invited(self) -> int:
        """Units that were invited."""
        return sum(each.invited for each in self.returns)


_REVISION = select(wave.c.revision).where(wave.c.id == bindparam("this"))
_INSIDE = (
    select(invitation.c.audience, unit.c.inside)
    .join(unit, unit.c.id == invitation.c.unit_id)
    .where(invitation.c.wave_id == bindparam("this"))
    .distinct()
)


def read_survey(
    connection: Connection,
    library: Library,
    slug: str,
    language: str,
    *,
    whole: bool = True,
    live: bool = False,
) -> SurveyNumbers | None:
    """A survey as it was released, or, before that, as it is; None if no wave is read as one.

    Ratings come from the tally. Only entries and texts are read from the responses, in a time that
    grows with their number; without `whole` they are left out, and the earlier surveys too.

    Args:
        live: as it is now, whatever was released: for the next release.
    """
    found = read_wave(connection, library, slug)
    if found is None or not found.is_survey:
        return None
    kept = None if live else held(connection, found.id)
    inside = _inside(connection, found)
    if kept:
        numbers = _released(kept, found, inside, language)
    else:
        numbers = _live(connection, found, inside, language, whole=whole)
    return replace(numbers, earlier=tuple(histories(connection)) if whole else ())


def _inside(connection: Connection, found: SurveyWave) -> frozenset[str]:
    known = connection.execute(_INSIDE, {"this": found.id}).all()
    return frozenset(r.audience for r in known) - {r.audience for r in known if not r.inside}


def _released(
    kept: Held, found: SurveyWave, inside: frozenset[str], language: str
) -> SurveyNumbers:
    # What was released in another language only has the names of its options.
    entries = kept.entries.get(language, kept.entries.get("de", ()))
    return SurveyNumbers(
        wave=found,
        revision=kept.revision,
        closed=True,
        inside=inside,
        returns=kept.returns,
        sheets=kept.sheets,
        counts=kept.by_question,
        entries=entries,
        texts=kept.texts,
        withheld=kept.withheld,
        released=True,
    )


def _live(
    connection: Connection,
    found: SurveyWave,
    inside: frozenset[str],
    language: str,
    *,
    whole: bool,
) -> SurveyNumbers:
    standings = of_wave(connection, found.slug)
    readings = None
    if whole and found.readable:
        readings = read_entries(connection, found, language, all_sheets=False)
    return SurveyNumbers(
        wave=found,
        revision=connection.execute(_REVISION, {"this": found.id}).scalar_one(),
        closed=is_closed(found, standings),
        inside=inside,
        returns=return_by_audience(found, standings),
        sheets=read_sheets(connection, found) if found.readable else {},
        counts=read_counts(connection, found) if found.readable else {},
        entries=tuple(_bare(readings)) if readings else (),
        texts=tuple(_written(found, readings)) if readings else (),
        withheld=readings.withheld if readings else 0,
    )


def _bare(readings: Readings) -> Iterable[Entry]:
    """Entries without words and without names of who wrote them."""
    sheets = {
        s.number: Sheet(s.number, s.audience, s.group, "", "", "", "", answers={}, bands={})
        for s in readings.sheets
    }
    for entry in readings.entries:
        yield replace(entry, sheet=sheets[entry.sheet.number], answers={}, place="")


def _written(found: SurveyWave, readings: Readings) -> Iterable[Written]:
    typed = {a.key: _text_keys(a.questionnaire) for a in found.audiences}
    for entry in readings.entries:
        sheet = entry.sheet
        for key in entry.answers:
            if key in typed[sheet.audience]:
                yield Written(sheet.number, sheet.audience, key, entry.category)
    for text in readings.texts:
        yield Written(text.sheet.number, text.sheet.audience, text.question)


def _text_keys(questionnaire: Questionnaire) -> frozenset[str]:
    """Answer keys that hold free text, „und zwar" among them."""
    return frozenset(
        key
        for question in questionnaire.questions.values()
        for key in question.keys
        if question.type in FREE_TEXTS or key != question.id
    )


@dataclass(frozen=True, slots=True)
class Voice:
    """Audiences shown together, with the number of their sheets.

    `own`: the city's own offices, read by name; `open`: everything may be shown of them.
    """

    keys: tuple[str, ...]
    title: str
    sheets: int
    own: bool
    open: bool


@dataclass(frozen=True)
class Survey:
    """What every section of a survey is made from."""

    numbers: SurveyNumbers
    language: str
    level: Level

    @property
    def wave(self) -> SurveyWave:
        """What was asked of whom."""
        return self.numbers.wave

    @property
    def names_units(self) -> bool:
        """Whether single offices may stand there by name."""
        return self.level == "internal"

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """Whose answers may be shown, in the order of the wave; nobody without a sheet."""
        sheets = self.numbers.sheets
        own = [a for a in self.wave.audiences if a.key in sheets and not sheets[a.key].protected]
        others = [a for a in self.wave.audiences if a.key in sheets and sheets[a.key].protected]
        if self.level == "public":
            found = [_voice(group, own=True) for group in self._merged(own)]
        else:
            found = [_voice(self._group(a), own=True, shown_whole=True) for a in own]
        found += [_voice(group, own=False) for group in self._merged(others)]
        order = [audience.key for audience in self.wave.audiences]
        voices = [voice for voice in found if voice.sheets]
        return tuple(sorted(voices, key=lambda voice: order.index(voice.keys[0])))

    def _merged(self, audiences: list[Asked]) -> tuple[Group, ...]:
        return merged([self._group(a) for a in audiences]) if self.numbers.closed else ()

    def _group(self, audience: Asked) -> Group:
        return Group((audience.key,), audience.title, self.numbers.sheets[audience.key].submitted)

    @cached_property
    def rated(self) -> tuple[tuple[Voice, RatedGroup], ...]:
        """The voices that rated the same of the same, with their ratings."""
        found = ((voice, self._rated(voice)) for voice in self.voices)
        return tuple((voice, group) for voice, group in found if group)

    def _rated(self, voice: Voice) -> RatedGroup | None:
        """The ratings of one voice: its audiences alone are merged into it again, or left out."""
        alone = replace(
            self.wave, audiences=tuple(a for a in self.wave.audiences if a.key in voice.keys)
        )
        sheets = {
            key: replace(self.numbers.sheets[key], protected=not voice.open) for key in voice.keys
        }
        found = rated(alone, sheets, self.numbers.counts, self.language, closed=self.numbers.closed)
        return found.groups[0] if found.groups else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of the audiences of which nothing may be shown, or nothing is there."""
        shown = {key for voice in self.voices for key in voice.keys}
        return tuple(a.title for a in self.wave.audiences if a.key not in shown)

    def asked(self, voice: Voice) -> Questionnaire:
        """What the first of its audiences was asked, in the reader's language."""
        first = next(a for a in self.wave.audiences if a.key == voice.keys[0])
        return first.localised(self.language).questionnaire

    @cached_property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        """What each audience was asked, in the reader's language."""
        return tuple(a.localised(self.language).questionnaire for a in self.wave.audiences)

    @property
    def has_entries(self) -> bool:
        """Whether barriers were asked for one by one."""
        return any(parts(questionnaire) for questionnaire in self.questionnaires)


def _voice(group: Group, *, own: bool, shown_whole: bool = False) -> Voice:
    return Voice(group.keys, group.title, group.sheets, own, shown_whole)
