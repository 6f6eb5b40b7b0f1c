"""Every number of the Selbstcheck's evaluation a second time, from the rows of the responses.

Written from the rules (docs/, domain §2.5-2.11) and not from the code: plain Python and fractions,
no tally, no table library, nothing of `analysis`. Slow, and that does not matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, select

from survey.tables import unit
from tests.analysis.recount_rows import (
    COLOURS,
    HIDDEN,
    MARKS,
    Form,
    Number,
    Numbers,
    Place,
    Year,
    read_years,
)
from tests.analysis.recount_tree import Tree, predecessors


def recount(connection: Connection, slug: str) -> Numbers:
    """Every number of the evaluation for the commissioner, by section, part, row and column."""
    years = read_years(connection, slug)
    successors = {
        row.id: row.successor_id
        for row in connection.execute(select(unit).where(unit.c.successor_id.is_not(None)))
    }
    numbers: Numbers = {}
    for section in (_standing, _statements, _units, _return, _cooperation):
        numbers |= section(years)
    if len(years) > 1:
        numbers |= _change(years[0], years[1], successors)
        numbers |= _promises(years[0], years[1], successors)
    return numbers


def _put(numbers: Numbers, section: str, part: str, row: str, cells: Mapping[str, Number]) -> None:
    for column, value in cells.items():
        numbers[section, part, row, column] = value


def _measures(form: Form) -> list[str]:
    return ["@total", *(f"@category:{c}" for c in form.categories)]


def alike(now: Form, then: Form, measure: str) -> bool:
    """Whether a measure asks the same and counts the same in both."""
    return now.of(measure) == (then.of(measure) if measure[0] == "@" else [measure]) and all(
        q in then.scored and now.text(q) == then.text(q) and now.scored[q] == then.scored[q]
        for q in now.of(measure)
    )


def _standing(years: list[Year]) -> Numbers:
    now, numbers = years[0], Numbers()
    form, city = now.form, Tree(now).summary(None)
    weighted = bool(city and city.heavy)
    for year in years:
        if year is not now and not alike(form, year.form, "@total"):
            continue
        mean = Tree(year).summary(None)
        totals = [s.total for s in year.named_sheets]
        colours = Counter(map(form.colour, totals))
        asked = {i.unit_id for i in year.invited if i.unit_kind in year.named_kinds}
        value = mean.worth["@total"] if mean else None
        row: dict[str, Number] = {c: colours[c] for c in COLOURS}
        row |= {
            "sheets": len(totals),
            "return": Fraction(len(year.named_units), len(asked)) if asked else None,
            "mean": value,
            "share": None if value is None else value / form.most("@total"),
            "n": mean.units if mean else 0,
        }
        if weighted:
            row["weighted"] = mean.heavy["@total"] if mean and mean.heavy else None
        _put(numbers, "standing", "bands", year.slug, row)
        if year.form.steps != form.steps:
            then = Counter(map(year.form.colour, totals))
            row = dict.fromkeys(row) | {c: then[c] for c in COLOURS} | {"sheets": len(totals)}
            _put(numbers, "standing", "bands", f"{year.slug}@then", row)
    for category in form.categories:
        measure = f"@category:{category}"
        value, possible = (city.worth[measure] if city else None), form.most(measure)
        row = {
            "mean": value,
            "possible": possible,
            "share": None if value is None else value / possible,
            "n": city.units if city else 0,
        }
        if weighted and city and city.heavy:
            row["weighted"] = city.heavy[measure] / possible
        _put(numbers, "standing", "categories", category, row)
    return numbers | _over_years(years)


def _over_years(years: list[Year]) -> Numbers:
    form, numbers, told = years[0].form, Numbers(), set()
    for year in years:
        mean = Tree(year).summary(None)
        for measure in _measures(form):
            known = mean is not None and alike(form, year.form, measure)
            value = mean.worth[measure] / form.most(measure) if mean and known else None
            numbers["standing", "years", measure, year.slug] = value
            told |= {year.slug} if known else set()
    return numbers if len(told) > 1 else {}


def _statements(years: list[Year]) -> Numbers:
    now, numbers = years[0], Numbers()
    values = sorted({p for worth in now.form.scored.values() for p in worth.values()})
    for question in now.form.scored:
        given = [int(s.worth[question]) for s in now.named_sheets]
        pairs = list(combinations(given, 2))
        apart = Fraction(sum(abs(a - b) for a, b in pairs), len(pairs)) if pairs else None
        row: dict[str, Number] = {str(v): given.count(v) for v in values}
        row |= {
            "n": len(given),
            "mean": Fraction(sum(given), len(given)) if given else None,
            "apart": apart,
        }
        _put(numbers, "statements", "distribution", f"s{now.form.number(question)}", row)
    for unit_id, worth in now.named_units.items():
        cells = {q: worth[q] for q in now.form.scored}
        _put(numbers, "statements", "heatmap", now.places[unit_id].code, cells)
    return numbers


def _units(years: list[Year]) -> Numbers:
    now, numbers = years[0], Numbers()
    tree, form = Tree(now), now.form
    rows: list[tuple[str, Place | None]] = [("@city", None)] if tree.summary(None) else []
    rows += [(p.code, p) for p in now.places.values() if p.open]
    summaries = {key: tree.summary(p.id if p else None) for key, p in rows}
    weighted = any(s and s.heavy for key, s in summaries.items() if key != "@city")
    for key, place in rows:
        own = now.named_units.get(place.id) if place else None
        sheets = now.by_unit.get(place.id, []) if place and own else []
        beneath = summaries[key]
        shares = own or (beneath.worth if beneath else None)
        row: dict[str, Number] = {
            "total": own["@total"] if own else None,
            "band": form.colour(sheets[0].total) if len(sheets) == 1 else None,
        }
        for category in form.categories:
            measure = f"@category:{category}"
            row[category] = shares[measure] / form.most(measure) if shares else None
        row |= {
            "beneath": beneath.worth["@total"] if beneath else None,
            "n": beneath.units if beneath else 0,
        }
        if place and place.id in tree.hides and beneath is None:
            row |= {"beneath": HIDDEN, "n": HIDDEN}
        if weighted:
            row["weighted"] = beneath.heavy["@total"] if beneath and beneath.heavy else None
        _put(numbers, "units", "tree", key, row)
    return numbers


def _return(years: list[Year]) -> Numbers:
    now, numbers = years[0], Numbers()
    handed_in = {s.unit for s in now.sheets}
    units: dict[int, list[Any]] = defaultdict(list)
    for each in now.invited:
        units[each.unit_id].append(each)
    answered = {
        row.id: _state(row, {s.unit for s in now.sheets} & {row.unit_id}) for row in now.invited
    }
    states: dict[int, tuple[str, Any]] = {}
    for unit_id, links in units.items():
        if unit_id in handed_in:
            states[unit_id] = ("submitted", links[0])
            continue
        for state in ("begun", "no_sheet", "invited"):
            found = sorted((i for i in links if answered[i.id] == state), key=lambda i: i.id)
            if found:
                states[unit_id] = (state, found[0])
                break
    kinds = sorted({links[0].unit_kind for links in units.values()})
    groups = {"@all": list(states.values())}
    if len(kinds) > 1:
        groups |= {k: [s for s in states.values() if s[1].unit_kind == k] for k in kinds}
    for key, found in groups.items():
        count = Counter(state for state, _link in found)
        row: dict[str, Number] = {
            "invited": len(found),
            "submitted": count["submitted"],
            "begun": count["begun"],
            "unopened": count["invited"],
            "no_sheet": count["no_sheet"],
            "rate": Fraction(count["submitted"], len(found)) if found else None,
        }
        _put(numbers, "return", "kinds", key, row)
    reasons = Counter(
        link.no_sheet_reason for state, link in states.values() if state == "no_sheet"
    )
    for reason, number in reasons.items():
        numbers["return", "reasons", reason, "units"] = number
    return numbers


def _state(link: Any, handed_in: set[int]) -> str:
    if handed_in:
        return "submitted"
    return "no_sheet" if link.no_sheet_reason else "begun" if link.begun else "invited"


def _cooperation(years: list[Year]) -> Numbers:
    now, numbers = years[0], Numbers()
    for question in now.form.questions:
        if question["type"] != "ticks":
            continue
        condition = now.form.asked_if[question["id"]]
        asked = [
            s
            for s in now.named_sheets
            if not condition or s.worth[condition["question"]] >= condition["at_least"]
        ]
        for option in question["options"]:
            ticked = sum(option["code"] in s.answers.get(question["id"], ()) for s in asked)
            share = Fraction(ticked, len(asked)) if asked else None
            row: dict[str, Number] = {"count": ticked, "share": share}
            _put(numbers, "cooperation", question["id"], option["code"], row)
    return numbers


# --- two years ----------------------------------------------------------------------------------


def _change(now: Year, then: Year, followed: Mapping[int, int]) -> Numbers:
    numbers: Numbers = {}
    pairs = predecessors(now.named_units, then.named_units, followed)
    same = [q for q in now.form.scored if alike(now.form, then.form, q)]
    both = {u: (then.named_units[f], now.named_units[u]) for u, f in pairs.items()}
    for question in same if both else ():
        steps = [new[question] - old[question] for old, new in both.values()]
        before = Fraction(sum(old[question] for old, _new in both.values()), len(both))
        after = Fraction(sum(new[question] for _old, new in both.values()), len(both))
        row: dict[str, Number] = {
            "then": before,
            "now": after,
            "change": after - before,
            "better": sum(s > 0 for s in steps),
            "same": sum(s == 0 for s in steps),
            "worse": sum(s < 0 for s in steps),
            "n": len(both),
        }
        _put(numbers, "change", "statements", question, row)
    for unit_id, (old, new) in both.items():
        if alike(now.form, then.form, "@total"):
            a, b = old["@total"], new["@total"]
            _put(numbers, "change", "units", str(unit_id), {"then": a, "now": b, "change": b - a})
        if same:
            cells = {q: new[q] - old[q] for q in same}
            _put(numbers, "change", "heatmap", str(unit_id), cells)
    return numbers


def _promises(now: Year, then: Year, followed: Mapping[int, int]) -> Numbers:
    """Of every promise of a unit read by name, what whoever answers for it now says of it."""
    asked = [q["id"] for q in then.form.questions if q.get("promise")]
    whose = {f: u for u, f in predecessors(now.by_unit, then.by_unit, followed).items()}
    by_unit: dict[str, Counter[str]] = defaultdict(Counter)
    for unit_id in then.named_units:
        # Of several sheets the first is the one that is asked about.
        sheet = min(then.by_unit[unit_id], key=lambda s: s.id)
        answering = sorted(now.by_unit.get(whose.get(unit_id, 0), []), key=lambda s: s.id)
        about = f"{sheet.id}:{sheet.version}"
        told = [s.marks["lines"] for s in answering if s.marks.get("earlier") == about]
        said = told[0] if told else {}
        for question in asked:
            lines = [t for t in sheet.texts.get(question, "").splitlines() if t.strip()]
            for place, _line in enumerate(lines):
                by_unit[then.places[unit_id].code][said.get(f"{question}:{place}", "")] += 1
    total: Counter[str] = sum(by_unit.values(), Counter())
    numbers: Numbers = {}
    for mark in MARKS if total else ():
        row: dict[str, Number] = {
            "count": total[mark],
            "share": Fraction(total[mark], total.total()),
        }
        _put(numbers, "promises", "marks", mark or "unmarked", row)
    for code, marks in by_unit.items():
        cells: dict[str, Number] = {mark or "unmarked": marks[mark] for mark in MARKS}
        _put(numbers, "promises", "units", code, cells | {"n": marks.total()})
    return numbers
