"""Earlier surveys beside this one: what was named then, and how it is rated now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.evaluation.sections import Cell, Column, Part, Row, Section, Table
from analysis.evaluation.survey_numbers import Survey
from analysis.evaluation.survey_ratings import mean_cell, n_cell, names
from analysis.evaluation.words import listed
from analysis.presence import Comparison, Group, Mention, compare
from survey.locale import desk_gettext as _

Rated = Mapping[str, tuple[Cell, ...]]
"""By rating question the mean and n of every voice."""


def survey_earlier(survey: Survey) -> Section | None:
    """Which dimensions earlier surveys named, by presence alone; None without earlier surveys."""
    asked = next((q for q in survey.questionnaires if q.ratings), None)
    if asked is None or not survey.numbers.earlier:
        return None
    comparison = compare(survey.numbers.earlier, asked)
    columns = (*_earlier_columns(comparison), *_present_columns(survey))
    rated = _rated(survey)
    rows = [row for group in comparison.groups for row in _rows(comparison, group, survey, rated)]
    return Section(
        key="earlier",
        question=_("Was fanden frühere Befragungen?"),
        finding=_finding(comparison),
        parts=(
            Part(
                key="presence",
                title=_("Damals genannt, heute eingeschätzt"),
                table=Table(_("Dimension"), columns, tuple(rows)),
            ),
        ),
        notes=_notes(comparison),
    )


def _earlier_columns(comparison: Comparison) -> Iterator[Column]:
    for each in comparison.surveys:
        title = _("%(title)s (%(year)s)", title=each.title, year=each.year)
        yield Column(f"earlier-{each.slug}", title, "text", str(each.year))


def _present_columns(survey: Survey) -> Iterator[Column]:
    for voice, group in survey.rated:
        mean = _("%(group)s: Mittel", group=group.title)
        yield Column(f"{voice.keys[0]}@mean", mean, "mean", group.title)
        yield Column(f"{voice.keys[0]}@n", _("%(group)s: n", group=group.title), "count", "n")


def _rated(survey: Survey) -> Rated:
    found: dict[str, tuple[Cell, ...]] = {}
    for place, (_voice, group) in enumerate(survey.rated):
        for category in group.categories:
            for each in category.dimensions:
                # A group that was not asked this has nothing in its columns.
                before = found.get(each.question, ())
                before += (None,) * (2 * place - len(before))
                found[each.question] = (*before, mean_cell(each), n_cell(each.given))
    return found


def _rows(comparison: Comparison, group: Group, survey: Survey, rated: Rated) -> Iterator[Row]:
    width = 2 * len(survey.rated)
    short = _short(comparison)
    for row in group.rows:
        present = rated.get(row.dimension, ())
        present += (None,) * (width - len(present))
        cells = (*map(_mention, row.earlier), *present)
        yield Row(row.dimension, row.title, cells, short=short[row.dimension])
    yield Row(
        f"@category:{group.category}",
        _("%(category)s als Ganzes", category=group.title),
        (*map(_mention, group.whole), *(None,) * width),
        summary=True,
    )


def _short(comparison: Comparison) -> dict[str, str]:
    return names((r.dimension, r.title, g.title) for g in comparison.groups for r in g.rows)


def _mention(found: Mention) -> Cell:
    """What a source holds, in words; nothing where it names nothing."""
    words = [f"{count.number} {count.topic}" for count in found.counts]
    if found.named and not words:
        words = [_("genannt")]
    if found.improved:
        words.append(_("besser geworden"))
    return ", ".join(words) or None


def _finding(comparison: Comparison) -> str:
    """The dimensions every earlier survey names that names any."""
    rows = [row for group in comparison.groups for row in group.rows]
    told = [
        place
        for place in range(len(comparison.surveys))
        if any(row.earlier[place].named for row in rows)
    ]
    if not told:
        return _("Frühere Befragungen nennen keine der heutigen Dimensionen.")
    always = [row for row in rows if all(row.earlier[place].named for place in told)]
    said = _(
        "Frühere Befragungen, die Dimensionen nennen: %(surveys)s.",
        surveys=listed([str(comparison.surveys[place].year) for place in told]),
    )
    if not always:
        return said
    short = _short(comparison)
    titles = listed([f"„{short[row.dimension] or row.title}“" for row in always])
    if len(told) == 1:
        return f"{said} {_('Genannt sind: %(names)s.', names=titles)}"
    return f"{said} {_('In allen genannt sind: %(names)s.', names=titles)}"


def _notes(comparison: Comparison) -> tuple[str, ...]:
    notes = [
        _(
            "Frühere Quellen nennen meist keine Zahlen. Dann lässt sich nur vergleichen, ob etwas "
            "genannt wurde; ein leeres Feld heißt: nicht genannt oder nicht zuzuordnen. Zahlen aus "
            "verschiedenen Quellen messen Verschiedenes."
        )
    ]
    for survey in comparison.surveys:
        notes.append(
            _(
                "%(title)s. Was die Quelle nicht sagt: %(missing)s",
                title=survey.title,
                missing=survey.missing,
            )
        )
    return tuple(notes)
