"""A wave as a survey: its audiences with what each is asked, and what may be read of it when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, select

from forms.definition import Question, Questionnaire, Section
from forms.texts import Localised
from survey.database import database_now
from survey.locale import SOURCE_LANGUAGE
from survey.questionnaires import Frozen, Library
from survey.standing import Standing
from survey.tables import wave, wave_audience

Phase = Literal["not_yet", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One audience of a wave and what it is asked; extensions of single units not considered."""

    key: str
    title: str
    closes: datetime
    frozen: Frozen

    @property
    def questionnaire(self) -> Questionnaire:
        """What is asked, in German."""
        return self.frozen.questionnaire

    def localised(self, language: str) -> Localised:
        """What is asked in a language, or in German where it is not offered in it."""
        known = language in self.frozen.languages
        return self.frozen.localised(language if known else SOURCE_LANGUAGE)


@dataclass(frozen=True, slots=True)
class SurveyWave:
    """A wave at the moment `now` of the database's clock; `audiences` in the order of the wave."""

    id: int
    slug: str
    title: str
    mode: str
    sample: bool
    opens: datetime
    now: datetime
    unsealed: datetime | None
    named_kinds: tuple[str, ...]
    staff_council_note: str
    audiences: tuple[Asked, ...]

    @property
    def is_survey(self) -> bool:
        """Whether it is read as a survey: anonymous, several audiences, ratings or entries."""
        return (
            self.anonymous
            or len(self.audiences) > 1
            or any(a.questionnaire.ratings or repeating(a.questionnaire) for a in self.audiences)
        )

    @property
    def anonymous(self) -> bool:
        """Whether nothing ties a sheet to a unit."""
        return self.mode == "anonymous"

    @property
    def readable(self) -> bool:
        """Whether sheets may be read at all now."""
        return not self.anonymous or self.unsealed is not None

    def phase(self, audience: Asked) -> Phase:
        """Whether this audience may answer now."""
        if self.now < self.opens:
            return "not_yet"
        return "open" if self.now < audience.closes else "closed"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a survey's entries consist of: the section, and the two questions tables are made of."""

    section: Section
    concerned: Question | None
    category: Question | None


def repeating(questionnaire: Questionnaire) -> Section | None:
    """The section that repeats, the first if there are several."""
    return next((s for s in questionnaire.sections if s.repeat is not None), None)


def parts(questionnaire: Questionnaire) -> Parts | None:
    """The entries of a questionnaire, found by what its questions are and never by name.

    The respondent's own category assignment is the first choice that gives no points.
    """
    section = repeating(questionnaire)
    if section is None:
        return None
    concerned = (q for q in section.questions if q.type == "units")
    choices = (q for q in section.questions if q.type == "scale")
    own = (q for q in choices if all(o.points is None for o in questionnaire.options(q)))
    return Parts(section, next(concerned, None), next(own, None))


_WAVE = (
    select(
        *(wave.c.id, wave.c.slug, wave.c.title, wave.c.mode, wave.c.sample, wave.c.opens),
        *(wave.c.unsealed, wave.c.named_kinds, wave.c.staff_council_note),
        database_now().label("now"),
        wave_audience.c.audience,
        wave_audience.c.title.label("audience_title"),
        wave_audience.c.closes,
        wave_audience.c.questionnaire_checksum.label("checksum"),
    )
    .join(wave_audience, wave_audience.c.wave_id == wave.c.id)
    .where(wave.c.slug == bindparam("of_slug"))
    .order_by(wave_audience.c.position, wave_audience.c.audience)
)


def read_wave(connection: Connection, library: Library, slug: str) -> SurveyWave | None:
    """The wave of this name with everything asked in it, or None."""
    rows = connection.execute(_WAVE, {"of_slug": slug}).all()
    if not rows:
        return None
    first = rows[0]
    return SurveyWave(
        id=first.id,
        slug=first.slug,
        title=first.title,
        mode=first.mode,
        sample=first.sample,
        opens=first.opens,
        now=first.now,
        unsealed=first.unsealed,
        named_kinds=tuple(first.named_kinds),
        staff_council_note=first.staff_council_note,
        audiences=tuple(
            Asked(
                row.audience,
                row.audience_title or row.audience,
                row.closes,
                library.stored(connection, row.checksum),
            )
            for row in rows
        ),
    )


def is_closed(wave: SurveyWave, standings: Collection[Standing]) -> bool:
    """Whether nobody can answer any more, extensions and the hour's grace included."""
    if wave.anonymous:
        return wave.unsealed is not None
    late = (a for a in wave.audiences if wave.phase(a) != "closed")
    return not any(late) and all(s.phase == "closed" for s in standings)
