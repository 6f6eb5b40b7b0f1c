"""Where do we stand? Colours, the mean total, the categories' shares, and the years before."""

from __future__ import annotations

from analysis.evaluation.office import Wave, year
from analysis.evaluation.sections import WITHHELD, Cell, Chart, Column, Part, Row, Section, Table
from analysis.evaluation.words import decimal, percent
from analysis.numbers import WaveNumbers
from analysis.rollup import Mean
from analysis.years import same_wording
from forms.definition import Bands
from survey.locale import desk_gettext as _
from survey.messages import bands as band_names

BANDS = ("red", "yellow", "green")
TWO = 2
"""Points a line needs."""


def standing(wave: Wave) -> Section:
    """Traffic lights, mean total and the share reached in each category."""
    parts = [_bands(wave), _categories(wave), _years(wave)]
    return Section(
        key="standing",
        question=_("Wo stehen wir?"),
        finding=_finding(wave),
        parts=tuple(part for part in parts if part),
    )


def _finding(wave: Wave) -> str:
    counts = wave.bands(wave.numbers)
    value, _share, n = wave.mean_cells(wave.numbers, "@total", wave.possible_total)
    if value is WITHHELD:
        return _("Es sind zu wenige Bögen, um etwas zu zeigen.")
    if not isinstance(value, float):
        return _("Noch ist kein Bogen abgegeben.")
    mean = _(
        "Das Mittel liegt bei %(mean)s von %(possible)s Punkten (n = %(n)s).",
        mean=decimal(value),
        possible=wave.possible_total,
        n=n,
    )
    if counts.counts is None or not wave.questionnaire.bands:
        return mean
    said = _(
        "Von den Bögen (%(sheets)s) sind grün: %(green)s, gelb: %(yellow)s, rot: %(red)s.",
        sheets=sum(counts.counts.values()),
        **{key: counts.counts.get(key, 0) for key in BANDS},
    )
    return f"{said} {mean}"


def _bands(wave: Wave) -> Part | None:
    if not wave.questionnaire.scored:
        return None
    coloured = wave.questionnaire.bands is not None
    names = band_names() if coloured else {}
    weighted = wave.weighted(wave.numbers) is not None
    columns = (
        *(Column(key, names[key], "count") for key in BANDS if coloured),
        Column("sheets", _("Bögen"), "count"),
        Column("return", _("Rücklauf dieser Einheiten"), "share"),
        Column("mean", _("Mittel"), "mean"),
        Column("share", _("Anteil des Möglichen"), "share"),
        Column("n", _("n im Mittel"), "count"),
        *((Column("weighted", _("Mittel nach Beschäftigten"), "mean"),) if weighted else ()),
    )
    rows = []
    for each in (wave.numbers, *wave.comparable):
        rows.append(_band_row(wave, each, coloured=coloured, weighted=weighted))
        if coloured and _other_thresholds(wave, each):
            rows.append(_band_row_then(wave, each, weighted=weighted))
    return Part(
        key="bands",
        title=_("Ampelfarben und Mittel"),
        table=Table(_("Durchgang"), columns, tuple(rows)),
        chart=_band_chart(wave) if coloured else None,
        notes=_band_notes(wave, weighted=weighted),
    )


def _band_row(wave: Wave, each: WaveNumbers, *, coloured: bool, weighted: bool) -> Row:
    counts, n = wave.bands(each).cells(BANDS)
    return Row(
        key=each.slug,
        title=each.title,
        cells=(
            *(counts if coloured else ()),
            n,
            wave.return_rate(each),
            *wave.mean_cells(each, "@total", wave.possible_total),
            *((_weighted(wave.weighted(each), "@total"),) if weighted else ()),
        ),
        short=year(each),
    )


def _band_row_then(wave: Wave, each: WaveNumbers, *, weighted: bool) -> Row:
    counts, n = wave.bands(each, at_the_time=True).cells(BANDS)
    return Row(
        key=f"{each.slug}@then",
        title=_("%(title)s, nach den damaligen Schwellen", title=each.title),
        cells=(*counts, n, None, None, None, None, *((None,) if weighted else ())),
        short=_("%(year)s (damals)", year=year(each)),
    )


def _weighted(mean: Mean | None, question: str) -> Cell:
    return mean.weighted.get(question) if mean and mean.weighted else None


def _other_thresholds(wave: Wave, each: WaveNumbers) -> bool:
    bands = each.questionnaire.bands
    return bands is not None and bands != wave.questionnaire.bands


def _band_chart(wave: Wave) -> Chart:
    title = _finding(wave)
    return Chart(
        kind="bands",
        title=title,
        alternative=_("Gestapelte Balken: wie viele Bögen rot, gelb und grün sind, je Durchgang."),
        columns=BANDS,
    )


def _band_notes(wave: Wave, *, weighted: bool) -> tuple[str, ...]:
    notes = [_("Farben zählen Bögen; im Mittel zählt jedes Amt einmal, ungewichtet.")]
    bands: Bands | None = wave.questionnaire.bands
    if bands and bands.provisional:
        notes.append(_("Vorläufige Schwellen. Mittelwerte bekommen keine Farbe."))
    if weighted and wave.city:
        notes.append(
            _(
                "Gewichtet nach Beschäftigten: %(staffed)s von %(units)s Einheiten, zu denen eine "
                "Zahl vorliegt.",
                staffed=wave.city.staffed,
                units=wave.city.units,
            )
        )
    return tuple(notes)


def _categories(wave: Wave) -> Part | None:
    categories = [c for c in wave.questionnaire.categories if wave.questionnaire.members.get(c.id)]
    if not categories:
        return None
    weighted = wave.weighted(wave.numbers) is not None
    columns = (
        Column("mean", _("Mittel"), "mean"),
        Column("possible", _("möglich"), "points"),
        Column("share", _("Anteil des Möglichen"), "share"),
        Column("n", "n", "count"),
        *((Column("weighted", _("nach Beschäftigten"), "share"),) if weighted else ()),
    )
    rows = []
    for category in categories:
        question, possible = f"@category:{category.id}", wave.possible(category.id)
        mean, share, n = wave.mean_cells(wave.numbers, question, possible)
        heavy = _weighted(wave.weighted(wave.numbers), question)
        extra: tuple[Cell, ...] = (
            (heavy / possible if isinstance(heavy, float) else None,) if weighted else ()
        )
        rows.append(Row(category.id, category.title, (mean, possible, share, n, *extra)))
    return Part(
        key="categories",
        title=_("Kategorien"),
        table=Table(_("Kategorie"), columns, tuple(rows)),
        chart=Chart(
            kind="bars",
            title=_category_finding(rows),
            alternative=_("Balken: Anteil der möglichen Punkte je Kategorie, im Mittel."),
            columns=("share",),
        ),
        notes=(_("Kategorien werden als Anteil der möglichen Punkte verglichen."),),
    )


def _category_finding(rows: list[Row]) -> str:
    shares = [(row.cells[2], row.title) for row in rows]
    known = sorted((share, title) for share, title in shares if isinstance(share, float))
    if not known:
        return _("Anteil der möglichen Punkte je Kategorie")
    if percent(known[0][0]) == percent(known[-1][0]):
        return _("Alle Kategorien liegen gleichauf bei %(share)s.", share=percent(known[0][0]))
    return _(
        "Am niedrigsten liegt „%(low)s“ mit %(low_share)s des Möglichen, am höchsten „%(high)s“ "
        "mit %(high_share)s.",
        low=known[0][1],
        low_share=percent(known[0][0]),
        high=known[-1][1],
        high_share=percent(known[-1][0]),
    )


def _years(wave: Wave) -> Part | None:
    """Total and categories over the waves, as far back as the wording is the same."""
    waves = [*reversed(wave.chain.before), wave.numbers]
    rows = []
    for question, title in wave.measures():
        possible = wave.possible_of(question)
        cells = [
            wave.mean_cells(each, question, possible)[1]
            if question in same_wording(wave.numbers.questionnaire, each.questionnaire)
            else None
            for each in waves
        ]
        rows.append(Row(question, title, tuple(cells)))
    told = [
        place for place in range(len(waves)) if any(row.cells[place] is not None for row in rows)
    ]
    if len(told) < TWO:
        return None
    columns = tuple(Column(each.slug, each.title, "share", year(each)) for each in waves)
    return Part(
        key="years",
        title=_("Über die Jahre"),
        table=Table(_("Anteil des Möglichen"), columns, tuple(rows)),
        chart=Chart(
            kind="lines",
            title=_("Anteil der möglichen Punkte über die Jahre"),
            alternative=_("Linien: Gesamtzahl und Kategorien über die Durchgänge."),
            columns=tuple(column.key for column in columns),
        ),
        notes=(
            _("Alle Ämter, die im jeweiligen Jahr geantwortet haben; nicht immer dieselben."),
            _("Wo sich der Wortlaut geändert hat, bleibt das Feld leer."),
        ),
    )
