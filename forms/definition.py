"""Frozen models of a questionnaire: the words of a form as data, never as code.

An answer sheet is a mapping from answer key to value: a scale or rating answer is an option's code,
ticks and units are a list of codes, free text is a string. The keys of a question are its id and,
where an option asks „und zwar", the id followed by `.other`. In a section that repeats, every entry
has keys of its own: those of its questions followed by `@` and the entry's id (`what@01bcdf`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

AnswerValue = str | list[str]
Answers = Mapping[str, AnswerValue]

Band = Literal["red", "yellow", "green"]
Mode = Literal["named", "anonymous"]
QuestionType = Literal["scale", "rating", "ticks", "units", "text", "lines"]
"""`scale` has to be answered and gives points; `rating` may be left out and is averaged."""
UNIT = "unit:"
"""Begins the code of a concerned unit in the answer to a `units` question, before the unit's id."""


class Translatable:
    """Marks a text for translators; a `may_fall_back` one may stay German in other languages."""

    def __init__(self, *, may_fall_back: bool) -> None:
        self.may_fall_back = may_fall_back


Text = Annotated[str, StringConstraints(min_length=1), Translatable(may_fall_back=False)]
Help = Annotated[str, Translatable(may_fall_back=True)]
# Ids travel in addresses, in column headers and in the tally: plain, short, for ever.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Model(BaseModel):
    """Base of all models: immutable, and a misspelt key in the file is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Model):
    """One possible answer; `points` only where the answer is scored."""

    code: Code
    text: Text
    points: int | None = Field(default=None, ge=0, le=100)


class Scale(Model):
    """Options shared by several questions, in the order they are shown."""

    id: Key
    options: tuple[Option, ...] = Field(min_length=2)


class Condition(Model):
    """Asked only if the answer to `question` is worth at least `at_least` points."""

    question: Key
    at_least: int = Field(ge=0)


class Question(Model):
    """One question; `number` is the one printed on the form."""

    id: Key
    text: Text
    type: QuestionType
    number: str | None = None
    category: Key | None = None
    scale: Key | None = None
    options: tuple[Option, ...] = ()
    other: Code | None = None
    other_text: Text | None = None
    help: Help | None = None
    terms: tuple[Key, ...] = ()
    promise: bool = False
    # The option by which a respondent of a named wave allows to be named as a participant.
    allows_naming: Code | None = None
    variants: tuple[Key, ...] = ()
    mode: Mode | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The answer keys this question owns."""
        return (self.id, f"{self.id}.other") if self.other else (self.id,)


class Repeat(Model):
    """Makes a section a list of short entries, each on a page of its own."""

    entry: Text
    first: Text
    add: Text
    most: int = Field(ge=2, le=99)


class Section(Model):
    """What stands on one page, or on one page an entry; `variants` and `mode`: asked only there."""

    id: Slug
    title: Text
    introduction: Help | None = None
    asked_if: Condition | None = None
    repeat: Repeat | None = None
    variants: tuple[Key, ...] = ()
    mode: Mode | None = None
    questions: tuple[Question, ...] = Field(min_length=1)

    @property
    def keys(self) -> tuple[str, ...]:
        """The answer keys of all questions of the page, in order."""
        return tuple(key for question in self.questions for key in question.keys)


class BandStep(Model):
    """The colour of all totals up to and including `highest` points."""

    band: Band
    highest: int = Field(ge=0)


class Bands(Model):
    """Colours along a scale of points, lowest first; `provisional` is said beside every colour."""

    steps: tuple[BandStep, ...] = Field(min_length=1)
    provisional: bool = False


class RatingStep(Model):
    """The colour of all means below `below`; the last step has no end."""

    band: Band
    below: float | None = None


class RatingBands(Model):
    """Colours along the mean of a category's ratings; none where fewer than `least_rated` of them
    (a share, 0 to 1) were given."""

    steps: tuple[RatingStep, ...] = Field(min_length=1)
    least_rated: float = Field(gt=0, le=1)
    provisional: bool = False


class Category(Model):
    """A field in which questions are scored, or rated, together."""

    id: Key
    title: Text
    bands: Bands | None = None
    rating_bands: RatingBands | None = None


class Term(Model):
    """A word explained where it occurs."""

    id: Key
    term: Text
    text: Text


class Variant(Model):
    """The questionnaire as one audience gets it, with its own words on the first page."""

    id: Key
    title: Text
    introduction: Help | None = None
    result_title: Text | None = None


class Advice(Model):
    """The form's own text for a colour, and its rule for what to point out."""

    band: Band
    text: Text
    point_out: Literal["lowest", "below_highest"]


class Todo(Model):
    """An item of the city's to-do list and the questions it helps with."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}-[0-9]{1,3}$")]
    text: Text
    questions: tuple[Key, ...] = Field(min_length=1)


class Contact(Model):
    """Whom to ask: a function and an office address, never a person."""

    text: Text
    mail: str | None = None


class Head(Model):
    """The labels above the form."""

    unit: Text
    date: Text


class Questionnaire(Model):
    """A whole questionnaire in one language."""

    id: Slug
    version: str
    language: Literal["de"] = "de"
    title: Text
    short_title: Text
    source: str
    introduction: Help | None = None
    result_title: Text | None = None
    asked_of: Text | None = None  # the title of the variant this was made of
    thanks: Help | None = None
    head: Head | None = None
    contact: Contact | None = None
    variants: tuple[Variant, ...] = ()
    terms: tuple[Term, ...] = ()
    scales: tuple[Scale, ...] = ()
    categories: tuple[Category, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)
    bands: Bands | None = None
    advice: tuple[Advice, ...] = ()
    todo_source: Help | None = None
    todos: tuple[Todo, ...] = ()

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by id, in the order they are asked."""
        return {q.id: q for section in self.sections for q in section.questions}

    @cached_property
    def scored(self) -> dict[str, Question]:
        """The questions that have to be answered and give points, in order."""
        return {
            q.id: q
            for q in self.questions.values()
            if q.type != "rating" and any(option.points is not None for option in self.options(q))
        }

    @cached_property
    def ratings(self) -> dict[str, dict[str, int]]:
        """Points by rating question and option code, „weiß ich nicht" left out."""
        return {
            q.id: {o.code: o.points for o in self.options(q) if o.points is not None}
            for q in self.questions.values()
            if q.type == "rating"
        }

    @cached_property
    def rated_members(self) -> dict[str, tuple[str, ...]]:
        """Ids of the rating questions of each category that has any, in order."""
        members = {
            c.id: tuple(q for q in self.ratings if self.questions[q].category == c.id)
            for c in self.categories
        }
        return {category: found for category, found in members.items() if found}

    @cached_property
    def points(self) -> dict[str, dict[str, int]]:
        """Points by question id and option code."""
        return {
            q.id: {o.code: o.points for o in self.options(q) if o.points is not None}
            for q in self.scored.values()
        }

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """Ids of the scored questions of each category, in order."""
        return {
            c.id: tuple(q.id for q in self.scored.values() if q.category == c.id)
            for c in self.categories
        }

    @cached_property
    def _most(self) -> dict[str, int]:
        return {question: max(worth.values()) for question, worth in self.points.items()}

    def most_points(self, question_id: str) -> int:
        """The most points an answer to this scored question can give."""
        return self._most[question_id]

    @property
    def least_total(self) -> int:
        """The least total a complete sheet can have."""
        return sum(min(worth.values()) for worth in self.points.values())

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section a question stands in, by question id."""
        return {q.id: section for section in self.sections for q in section.questions}

    @property
    def keys(self) -> tuple[str, ...]:
        """Every answer key that is asked once, in order: the fixed columns of every export."""
        once = (section for section in self.sections if section.repeat is None)
        return tuple(key for section in once for key in section.keys)

    def options(self, question: Question) -> tuple[Option, ...]:
        """The options of a question, its own or those of its scale."""
        if question.scale is None:
            return question.options
        return next((s.options for s in self.scales if s.id == question.scale), ())

    def section(self, section_id: str) -> Section | None:
        """The section with this id, or None."""
        return next((s for s in self.sections if s.id == section_id), None)

    def explained(self, question: Question) -> tuple[Term, ...]:
        """The terms explained beside a question, in its order."""
        known = {term.id: term for term in self.terms}
        return tuple(known[term] for term in question.terms)

    def category(self, category_id: str) -> Category:
        """The category with this id; raises KeyError for an unknown one."""
        for category in self.categories:
            if category.id == category_id:
                return category
        raise KeyError(category_id)

    def promises(self) -> Iterator[Question]:
        """The questions whose lines are promises for the next year."""
        return (q for q in self.questions.values() if q.promise)
