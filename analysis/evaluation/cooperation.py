"""In which fields do offices work with migrant organisations? Every question of tick-boxes."""

from __future__ import annotations

from analysis.evaluation.office import Wave
from analysis.evaluation.sections import Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import listed
from forms.definition import Question
from survey.locale import desk_gettext as _


def cooperation(wave: Wave) -> Section | None:
    """How often each box was ticked, n being those who were asked."""
    asked = [q for q in wave.questionnaire.questions.values() if q.type == "ticks"]
    if not asked or not wave.open_numbers:
        return None
    parts = tuple(_part(wave, question) for question in asked)
    return Section(
        key="cooperation",
        question=_("In welchen Bereichen wird zusammengearbeitet?"),
        finding=_finding(parts[0]),
        parts=parts,
    )


def _part(wave: Wave, question: Question) -> Part:
    n = _asked(wave, question)
    given = wave.answers(wave.numbers, question.id)
    options = wave.questionnaire.options(question)
    # „Other" is no field of its own and stays last.
    ordered = sorted(options, key=lambda o: (o.code == question.other, -given.get(o.code, 0)))
    rows = tuple(
        Row(o.code, o.text, (given.get(o.code, 0), given.get(o.code, 0) / n if n else None))
        for o in ordered
    )
    columns = (Column("count", _("Bögen"), "count"), Column("share", _("Anteil"), "share"))
    table = Table(_("Bereich"), columns, rows)
    part = Part(
        key=question.id,
        title=question.text,
        table=table,
        notes=(
            _(
                "n = %(n)s Bögen, denen die Frage gestellt wurde; mehrere Antworten waren möglich.",
                n=n,
            ),
        ),
    )
    chart = Chart(
        kind="bars",
        title=_finding(part),
        alternative=_("Balken: Anteil der gefragten Bögen je Bereich."),
        columns=("share",),
    )
    return Part(part.key, part.title, part.table, chart, part.notes)


def _asked(wave: Wave, question: Question) -> int:
    """Named sheets to which the question was put."""
    condition = wave.questionnaire.section_of[question.id].asked_if
    if condition is None:
        return sum(wave.answers(wave.numbers, "@sheet").values())
    worth = wave.questionnaire.points[condition.question]
    answers = wave.answers(wave.numbers, condition.question)
    return sum(n for code, n in answers.items() if worth[code] >= condition.at_least)


def _finding(part: Part) -> str:
    counts = {row.title: row.cells[0] for row in part.table.rows}
    most = max((n for n in counts.values() if isinstance(n, int)), default=0)
    if not most:
        return _("Noch hat niemand einen Bereich genannt.")
    named = [title for title, number in counts.items() if number == most]
    return _(
        "Am häufigsten genannt: %(fields)s (%(number)s Bögen).", fields=listed(named), number=most
    )
