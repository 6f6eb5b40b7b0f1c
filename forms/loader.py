"""Questionnaire files: read, cross-checked, frozen as canonical JSON with a checksum.

Every problem of a file is reported at once, each with file, place and cure.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forms.definition import Bands, Question, Questionnaire, RatingBands

DEFINITIONS = Path(__file__).parent / "definitions"
LARGEST_FILE = 1024 * 1024
MOST_QUESTIONS = 300
# Names the service itself uses: steps of the address, fields of a form, columns of a table.
RESERVED = {
    "section": frozenset(
        {"check", "result", "promises", "no-sheet", "not-us", "reopen", "print", "autosave"}
    ),
    "question": frozenset(
        {"base", "then", "reopen", "csrf_token", "submission_key", "answers", "data", "errors"}
        | {"form_errors", "hidden_tag", "is_submitted", "meta", "populate_obj", "process"}
        | {"validate", "validate_on_submit"}
        # Places of the compiled pages.
        | {"csrf", "rest", "wave", "unit", "notice", "autosave", "languages", "entry"}
    ),
    "category": frozenset(
        {"unit_id", "handle", "code", "name", "kind", "parent", "named", "state", "reason"}
        | {"note", "total", "band"}
    ),
}


class QuestionnaireError(Exception):
    """A questionnaire that cannot be used; `problems` are lines for its author."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def available(folder: Path = DEFINITIONS) -> dict[str, Path]:
    """Questionnaire files by the id they are named after."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load(path: Path) -> Questionnaire:
    """Read and check a questionnaire file.

    Raises:
        QuestionnaireError: the file cannot be read, is too large, or does not pass a check.
    """
    name = path.name
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise QuestionnaireError([f"{name}: larger than 1 MiB; shorten texts or split it"])
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise QuestionnaireError([f"{name}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise QuestionnaireError(
            [f"{name}: byte {error.start} is not UTF-8; save as UTF-8"]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise QuestionnaireError([f"{name}: not valid TOML: {error}"]) from error
    return parse(document, name)


def parse(document: Mapping[str, Any], name: str) -> Questionnaire:
    """Build a questionnaire from a document; `name` stands before every problem.

    Raises:
        QuestionnaireError: the document does not pass a check.
    """
    try:
        questionnaire = Questionnaire.model_validate(document)
    except ValidationError as error:
        raise QuestionnaireError(model_problems(error, document, name)) from error
    problems = [f"{name}: {problem}" for check in CHECKS for problem in check(questionnaire)]
    if problems:
        raise QuestionnaireError(problems)
    return questionnaire


def canonical(document: Mapping[str, Any]) -> str:
    """The one JSON text of a document: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def model_problems(error: ValidationError, document: Mapping[str, Any], name: str) -> Iterator[str]:
    """What a model refuses, a line each with place and cure; `name` stands before every line."""
    for found in error.errors(include_url=False):
        place = _place(found["loc"], document)
        if found["type"] == "extra_forbidden":
            yield f"{name}: {place}: unknown key; remove it or correct its spelling"
        elif found["type"] == "missing":
            yield f"{name}: {place}: missing; add it"
        else:
            yield f"{name}: {place}: {found['msg']}; found {str(found['input'])[:60]!r}"


def _place(location: tuple[int | str, ...], document: Any) -> str:
    """Where in the file: list positions are named by the id or code that stands there."""
    words: list[str] = []
    here = document
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int):
            known = here.get("id") or here.get("code") if isinstance(here, dict) else None
            words.append(f"'{known}'" if known else f"number {step + 1}")
        else:
            words.append(step)
    return " ".join(words)


def _unique_ids(q: Questionnaire) -> Iterator[str]:
    kinds: dict[str, list[str]] = {
        "section": [s.id for s in q.sections],
        "question": [question.id for s in q.sections for question in s.questions],
        "category": [c.id for c in q.categories],
        "scale": [s.id for s in q.scales],
        "todo": [t.id for t in q.todos],
        "term": [t.id for t in q.terms],
        "variant": [v.id for v in q.variants],
        "advice for band": [a.band for a in q.advice],
    }
    for kind, ids in kinds.items():
        for name, times in Counter(ids).items():
            if times > 1:
                yield f"{kind} '{name}' stands {times} times; ids must be unique"
    for kind, reserved in RESERVED.items():
        for name in sorted(reserved.intersection(kinds[kind])):
            yield f"{kind} '{name}': this id is used by the service; choose another"
    if len(kinds["question"]) > MOST_QUESTIONS:
        yield f"{len(kinds['question'])} questions; at most {MOST_QUESTIONS}, split the survey"


def _known_names(q: Questionnaire) -> Iterator[str]:
    for question in q.questions.values():
        place = f"question '{question.id}'"
        yield from _unknown(
            f"{place} has", "category", question.category, [c.id for c in q.categories]
        )
        yield from _unknown(f"{place} has", "scale", question.scale, [s.id for s in q.scales])
        yield from _unknown(
            f"{place} has", "option", question.other, [o.code for o in question.options]
        )
        if question.category and question.id not in q.scored and question.id not in q.ratings:
            yield f"{place} has a category but no points; give its options points"
        yield from _unknown(
            f"{place} allows naming by",
            "option",
            question.allows_naming,
            [option.code for option in q.options(question)],
        )
        for term in question.terms:
            yield from _unknown(f"{place} explains", "term", term, [t.id for t in q.terms])
        yield from _unknown_variants(place, question.variants, q)
    for section in q.sections:
        yield from _unknown_variants(f"section '{section.id}'", section.variants, q)
    for todo in q.todos:
        for asked in todo.questions:
            yield from _unknown(f"todo '{todo.id}' names", "question", asked, list(q.questions))


def _unknown_variants(place: str, variants: tuple[str, ...], q: Questionnaire) -> Iterator[str]:
    for variant in variants:
        yield from _unknown(f"{place} is only for", "variant", variant, [v.id for v in q.variants])


def _unknown(place: str, kind: str, name: str | None, known: list[str]) -> Iterator[str]:
    if name is not None and name not in known:
        yield f"{place} unknown {kind} '{name}'; known: {', '.join(known) or 'none'}"


def _fitting_types(q: Questionnaire) -> Iterator[str]:
    for question in q.questions.values():
        options = q.options(question)
        for problem in _type_problems(question, len(options)):
            yield f"question '{question.id}' {problem}"
        for code, times in Counter(option.code for option in options).items():
            if times > 1:
                yield f"question '{question.id}' has option '{code}' {times} times"
        with_points = [option for option in options if option.points is not None]
        if question.type == "scale" and 0 < len(with_points) < len(options):
            yield f"question '{question.id}': give all of its options points, or none"
        if question.type == "rating" and not with_points:
            yield f"question '{question.id}': a rating needs options with points"
        if question.type in ("ticks", "units") and with_points:
            yield f"question '{question.id}': {question.type} are not scored; remove the points"


def _type_problems(question: Question, options: int) -> Iterator[str]:
    if question.scale and question.options:
        yield "has a scale and options of its own; keep one"
    if question.type in ("scale", "rating", "ticks") and not options:
        yield f"is of type {question.type} and has nothing to choose; add scale or options"
    if question.type in ("text", "lines") and options:
        yield f"is of type {question.type} and cannot have options; remove them"
    if question.promise and question.type != "lines":
        yield "is a promise and must be of type lines, one promise a line"
    if bool(question.other) != bool(question.other_text):
        yield "needs both 'other' and 'other_text', or neither"
    if question.other and question.type != "ticks":
        yield "has 'other', which only ticks can have"


def _conditions_look_back(q: Questionnaire) -> Iterator[str]:
    passed: set[str] = set()
    worth = q.scored.keys() | q.ratings.keys()
    for section in q.sections:
        condition = section.asked_if
        if condition and condition.question not in passed:
            yield (
                f"section '{section.id}' depends on question '{condition.question}', which is not "
                "asked before it; move the section or correct the name"
            )
        elif condition and condition.at_least not in q.points.get(condition.question, {}).values():
            yield (
                f"section '{section.id}' is asked from {condition.at_least} points of question "
                f"'{condition.question}', which no option gives"
            )
        for question in section.questions:
            # A hidden question gives no points, and a total with holes cannot be compared.
            if condition and question.id in q.scored:
                yield f"question '{question.id}' gives points and must not depend on a condition"
            if section.repeat and (question.category or question.id in worth):
                yield f"question '{question.id}' is asked once an entry and cannot be scored"
            if section.repeat and question.promise:
                yield f"question '{question.id}' is asked once an entry and cannot be a promise"
        passed.update(question.id for question in section.questions)


def _bands_fit(q: Questionnaire) -> Iterator[str]:
    if q.bands:
        yield from _band_problems("bands", q.bands, list(q.scored.values()), q)
    for category in q.categories:
        members = [question for question in q.scored.values() if question.category == category.id]
        rated = q.rated_members.get(category.id)
        if not members and not rated:
            yield f"category '{category.id}' has no scored question; add one or remove it"
        elif members and rated:
            yield f"category '{category.id}' mixes scale and rating questions; make it two"
        elif bool(category.rating_bands) and not rated:
            yield f"category '{category.id}' has 'rating_bands' but no rating question"
        elif category.rating_bands:
            yield from _rating_band_problems(category.id, category.rating_bands)
        elif category.bands and members:
            yield from _band_problems(f"category '{category.id}' bands", category.bands, members, q)
    for advice in q.advice:
        if advice.band not in {step.band for step in (q.bands.steps if q.bands else ())}:
            yield f"advice for band '{advice.band}', which no total gets; remove it or add the band"


def _rating_band_problems(category: str, bands: RatingBands) -> Iterator[str]:
    place = f"category '{category}' rating_bands"
    ends = [step.below for step in bands.steps]
    inner = [end for end in ends[:-1] if end is not None]
    if ends[-1] is not None or len(inner) != len(ends) - 1 or inner != sorted(set(inner)):
        yield f"{place}: 'below' must rise and be left out in the last step, found {ends}"
    if len({step.band for step in bands.steps}) != len(bands.steps):
        yield f"{place}: a colour stands twice; join its steps"


def _band_problems(
    place: str, bands: Bands, members: list[Question], q: Questionnaire
) -> Iterator[str]:
    possible = sum(max(q.points[question.id].values()) for question in members)
    least = sum(min(q.points[question.id].values()) for question in members)
    ends = [step.highest for step in bands.steps]
    if ends != sorted(set(ends)):
        yield f"{place}: 'highest' must rise from step to step, found {ends}"
    if ends[-1] != possible:
        yield f"{place}: the last 'highest' is {ends[-1]}, but {possible} points are possible"
    if ends[0] < least:
        yield f"{place}: '{bands.steps[0].band}' ends at {ends[0]}, below the least total {least}"
    if len({step.band for step in bands.steps}) != len(bands.steps):
        yield f"{place}: a colour stands twice; join its steps"


CHECKS: tuple[Callable[[Questionnaire], Iterator[str]], ...] = (
    _unique_ids,
    _known_names,
    _fitting_types,
    _conditions_look_back,
    _bands_fit,
)
