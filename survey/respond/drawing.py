"""Drawing a section: a page compiled once, its slots filled for one respondent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, render_template
from markupsafe import Markup, escape

from forms.definition import UNIT, AnswerValue, Question, Questionnaire, Section
from forms.path import entry_answers, entry_keys, in_entry
from survey.concerned import Place, place_names, places
from survey.locale import current, german
from survey.locale import gettext as _
from survey.pages import Page, Slots
from survey.protection import form_token
from survey.respond.invited import Invited
from survey.services import database, services

CHECKED = Markup(" checked")
HIDDEN = Markup(" hidden")
DESCRIBED = {True: Markup(" {}-error"), False: Markup(' aria-describedby="{}-error"')}
"""Where a message stands: one more of a text field's descriptions, the only one of a group."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one page holds of a sheet: a section, or one entry of a section that repeats."""

    section: Section
    entry: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The answer keys the page owns."""
        return entry_keys(self.section, self.entry) if self.entry else self.section.keys

    def plain(self, answers: Mapping[str, Any]) -> dict[str, AnswerValue]:
        """The page's answers by the names of its fields."""
        if self.entry:
            return entry_answers(self.section, answers, self.entry)
        return {key: answers[key] for key in self.section.keys if key in answers}

    def keyed(self, typed: Mapping[str, Any]) -> dict[str, AnswerValue]:
        """Typed answers by answer key."""
        return in_entry(typed, self.entry) if self.entry else dict(typed)


def section_page(  # noqa: PLR0913  # what a page of this kind can differ in
    invited: Invited,
    part: Part,
    typed: Mapping[str, Any],
    *,
    base: str,
    notice: str = "",
    errors: Mapping[str, Any] | None = None,
    stored: Mapping[str, Any] | None = None,
    reopen: bool = False,
    shown: bool = True,
) -> str:
    """The page with these answers in it.

    Args:
        base: content hash of what the page holds, to be sent back with the answers.
        stored: what somebody else saved meanwhile, shown beside.
        shown: False hides whose sheet it is.
    """
    section = part.section
    page = compiled_section(invited, section)
    values = page.blank()
    values.update(_common(invited, shown=shown), base=base, reopen="1" if reopen else "")
    values["entry"] = f"/{part.entry}" if part.entry else ""
    # Where two versions stand side by side, only „Speichern und weiter" decides.
    settled = shown and stored is None
    values.update(autosave="yes" if settled else "", languages="" if settled else HIDDEN)
    g.scripted = True
    questionnaire = invited.localised.questionnaire
    for question in section.questions:
        values.update(answer_slots(question, typed))
        if question.type == "units":
            values[f"units:{question.id}"] = _places_fragment(question, typed)
        if errors:
            values.update(_error_slots(question, errors))
        if stored is not None:
            values[f"stored:{question.id}"] = _stored_fragment(questionnaire, question, stored)
    if not notice and invited.standing.phase == "grace":
        notice = grace_notice()
    if notice:
        marked = [q for q in section.questions if any(key in (errors or {}) for key in q.keys)]
        fragment = render_template("respond/notice.html", notice=notice, marked=marked)
        values["notice"] = Markup(fragment)  # noqa: S704  # escaped by the template
    return page.fill(values)


def grace_notice() -> str:
    """Said on every page between closing and the end of the grace."""
    return _(
        "Die Frist ist abgelaufen. Weil Sie vorher begonnen haben, können Sie noch bis zu einer "
        "Stunde nach dem Ende abgeben."
    )


def _common(invited: Invited, *, shown: bool) -> dict[str, str]:
    standing = invited.standing
    return {
        "csrf": form_token(),
        "rest": invited.rest,
        "wave": standing.wave_title,
        # Without the link in this browser, the page must not tell whose it is.
        "unit": (invited.audience_name or german(standing.unit_name)) if shown else "…",
    }


def compiled_section(invited: Invited, section: Section) -> Page:
    """The page of a section, rendered once per questionnaire, section and language."""
    wave = (invited.standing.sample, invited.is_open)
    key = (invited.frozen.checksum, section.id, current().code, *wave)
    return services().pages.get(key, lambda slots: render_section(invited, section, slots))


def render_section(invited: Invited, section: Section, slots: Slots | dict[str, str]) -> str:
    """The whole template with these values in its slots."""
    return render_template(
        "respond/entry.html" if section.repeat else "respond/section.html",
        is_open=invited.is_open,
        localised=invited.localised,
        questionnaire=invited.localised.questionnaire,
        section=section,
        step=step_number(invited.localised.questionnaire, section),
        offered=invited.frozen.languages,
        sample=invited.standing.sample,
        slots=slots,
    )


def step_number(questionnaire: Questionnaire, section: Section) -> tuple[int, int]:
    """(number, of how many): follow-ups count with their page, checking the answers is the last."""
    main = [s.id for s in questionnaire.sections if s.asked_if is None]
    here = questionnaire.sections.index(section)
    return sum(s.id in main for s in questionnaire.sections[: here + 1]), len(main) + 1


def answer_slots(question: Question, answers: Mapping[str, Any]) -> dict[str, str]:
    """Slot values for what is answered to a question; what is not answered stays blank."""
    values: dict[str, str] = {}
    given = answers.get(question.id)
    if question.type in ("text", "lines"):
        values[question.id] = given or ""
    elif given:
        for code in [given] if isinstance(given, str) else given:
            values[f"{question.id}={code}"] = CHECKED
    if question.other:
        values[f"{question.id}.other"] = answers.get(f"{question.id}.other", "")
    return values


def _error_slots(question: Question, errors: Mapping[str, Any]) -> dict[str, str]:
    found = [str(message) for key in question.keys for message in errors.get(key, ())]
    if not found:
        return {}
    return {
        f"error:{question.id}": Markup('<p class="error" id="{}-error">{}</p>').format(
            question.id, " ".join(found)
        ),
        f"described:{question.id}": DESCRIBED[question.type in ("text", "lines")].format(
            question.id
        ),
    }


def _stored_fragment(
    questionnaire: Questionnaire, question: Question, stored: Mapping[str, Any]
) -> str:
    given = stored.get(question.id) or ()
    codes = [given] if isinstance(given, str) else given
    names = {option.code: option.text for option in questionnaire.options(question)}
    if question.type == "units":
        names |= names_of_places({question.id: codes})
    words = [names.get(code, code) for code in codes]
    if f"{question.id}.other" in stored:
        words.append(str(stored[f"{question.id}.other"]))
    return Markup('<div class="stored"><strong>{}</strong> <p dir="auto">{}</p></div>').format(
        _("Gespeichert ist:"), Markup("<br>").join(escape(word) for word in words) or "–"
    )


def names_of_places(answers: Mapping[str, Any]) -> dict[str, str]:
    """Names of all units these answers concern, by answer code."""
    with database().read() as connection:
        return place_names(connection, answers)


def all_places() -> list[Place]:
    """The units to choose from now."""
    with database().read() as connection:
        return places(connection)


def _places_fragment(question: Question, typed: Mapping[str, Any]) -> Markup:
    chosen = set(typed.get(question.id) or ())
    fragment = render_template(
        "respond/places.html", question=question, places=all_places(), chosen=chosen
    )
    return Markup(fragment)  # noqa: S704  # escaped by the template


def gone(section: Section, typed: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages for concerned units that were removed since the page was made, by question id."""
    found = {}
    for question in section.questions:
        if question.type != "units":
            continue
        present = {place.code for place in all_places()}
        missing = [
            c for c in typed.get(question.id) or () if c.startswith(UNIT) and c not in present
        ]
        if missing:
            names = names_of_places({question.id: missing})
            listed = ", ".join(names.get(code, _("eine gelöschte Stelle")) for code in missing)
            found[question.id] = [
                _(
                    "Diese Stelle gibt es nicht mehr: %(names)s. Bitte wählen Sie eine andere; "
                    "Ihr Text ist noch da.",
                    names=listed,
                )
            ]
    return found
