"""An evaluation with every kind of chart, column and gap, to test with who draws it."""

from __future__ import annotations

from datetime import date
from random import Random

from analysis.evaluation.sections import (
    WITHHELD,
    Cell,
    Chart,
    Column,
    Evaluation,
    Part,
    Row,
    Section,
    Table,
)

VALUES = tuple(Column(str(v), f"Antwort {v}", "count", points=v) for v in range(1, 6))
STATEMENTS = tuple(
    f"Wir erklären ratsuchenden Menschen in leicht verständlichem Deutsch Schritt {number}."
    for number in range(1, 9)
)
CATEGORIES = (
    Column("language", "Sprache/Kommunikation", "share", "Sprache"),
    Column("organisation", "Organisation/Behörde", "share", "Organisation"),
    Column("sensitivity", "Interkulturelle Sensibilität/Menschenbilder", "share", "Sensibilität"),
)
YEARS = tuple(Column(str(year), str(year), "mean") for year in (2024, 2025, 2026))


def specimen(units: int = 12, seed: int = 1, long: str = "") -> Evaluation:
    """An evaluation of so many units; `long` is put behind every unit's name."""
    chance = Random(seed)
    names = [
        f"{chance.choice(['Amt', 'Eigenbetrieb'])} {n:02} Musterstadt{long}" for n in range(units)
    ]
    parts = {
        "bands": _bands(),
        "categories": _categories(),
        "statements": _statements(chance, units),
        "units": _units(chance, names),
        "heatmap": _heatmap(chance, names),
        "change": _change(chance, names),
        "comparison": _comparison(chance),
        "years": _years(),
    }
    sections = (
        Section(
            "standing",
            "Wo stehen wir?",
            "Von 12 Bögen sind 2 rot.",
            (parts["bands"], parts["categories"]),
        ),
        Section(
            "statements",
            "Welche Aussagen sind am schwächsten?",
            "Aussage 3 liegt unten.",
            (parts["statements"], parts["heatmap"]),
        ),
        Section(
            "units",
            "Wie stehen die Einheiten?",
            "Die Spanne ist groß.",
            (parts["units"], parts["comparison"]),
            ("Ein Hinweis.",),
        ),
        Section(
            "years",
            "Was hat sich geändert?",
            "Das Mittel stieg um 1,5 Punkte.",
            (parts["change"], parts["years"]),
        ),
    )
    return Evaluation(
        slug="selbstcheck-2026",
        title="Selbstcheck 2026 Musterstadt",
        subtitle="1. März 2026 bis 30. April 2026 · 10 von 12 Bögen abgegeben (83 %)",
        headline=("Das Mittel liegt bei 26,4 von 40 Punkten.", "Am schwächsten ist Aussage 3."),
        sections=sections,
        method=(
            ("Wie gezählt wurde", "Jedes Amt zählt einmal."),
            ("Kleine Gruppen", "Nichts unter 5."),
        ),
        level="internal",
        marking="Intern: enthält Ergebnisse einzelner Organisationseinheiten mit Namen.",
        sample=True,
        language="de",
        revision=7,
        made=date(2026, 5, 2),
        closes=date(2026, 4, 30),
    )


def _chart(kind: str, columns: tuple[str, ...], lowest: float = 0.0, highest: float = 1.0) -> Chart:
    title = f"Ein Befund über {kind} (n = 10, 2. Mai 2026)"
    return Chart(kind, title, f"Darstellung als {kind}.", columns, lowest, highest)  # type: ignore[arg-type]


def _bands() -> Part:
    columns = (
        Column("red", "Rot", "count"),
        Column("yellow", "Gelb", "count"),
        Column("green", "Grün", "count"),
        Column("n", "n", "count"),
        Column("mean", "Mittel", "mean"),
        Column("return", "Rücklauf", "share"),
    )
    rows = (
        Row("2026", "Selbstcheck 2026", (2, 5, 3, 10, 26.4, 10 / 12)),
        Row("2025", "Selbstcheck 2025", (4, 5, 1, 10, 22.9, None)),
    )
    return Part(
        "bands",
        "Ampelfarben",
        Table("Durchgang", columns, rows),
        _chart("bands", ("red", "yellow", "green")),
    )


def _categories() -> Part:
    columns = (Column("n", "n", "count"), Column("share", "Anteil", "share"))
    shares: tuple[Cell, ...] = (0.61, WITHHELD, 0.72)
    rows = tuple(
        Row(c.key, c.title, (10, share), short=c.short)
        for c, share in zip(CATEGORIES, shares, strict=True)
    )
    return Part(
        "categories",
        "Kategorien",
        Table("Kategorie", columns, rows),
        _chart("bars", ("share",)),
        ("Vorläufige Schwellen.",),
    )


def _statements(chance: Random, units: int) -> Part:
    columns = (*VALUES, Column("n", "n", "count"), Column("mean", "Mittel", "mean"))
    rows = []
    for number, text in enumerate(STATEMENTS, 1):
        given = [chance.choice((1, 2, 3, 3, 4, 4, 5)) for _unit in range(units)]
        counts: tuple[Cell, ...] = tuple(given.count(v) for v in range(1, 6))
        if number == 8:
            counts = (WITHHELD,) * 5
        mean = sum(given) / units if units else None
        rows.append(Row(f"q{number}", text, (*counts, units, mean), short=str(number)))
    return Part(
        "statements",
        "Verteilung",
        Table("Aussage", columns, tuple(rows)),
        _chart("diverging", tuple(c.key for c in VALUES)),
    )


def _units(chance: Random, names: list[str]) -> Part:
    columns = (
        *CATEGORIES,
        Column("total", "Gesamtzahl", "points"),
        Column("band", "Farbe", "band"),
    )
    rows = [Row("city", "Stadt", (0.6, 0.55, 0.7, 26, None), summary=True)]
    for number, name in enumerate(names):
        shares: tuple[Cell, ...] = tuple(round(chance.uniform(0.2, 1), 3) for _c in CATEGORIES)
        cells = (*shares, chance.randint(8, 40), chance.choice(("red", "yellow", "green")))
        rows.append(
            Row(
                f"u{number}",
                name,
                cells if number != 3 else (None,) * 5,
                level=1,
                short=f"{number:02}",
            )
        )
    return Part(
        "units",
        "Einheiten",
        Table("Einheit", columns, tuple(rows)),
        _chart("multiples", tuple(c.key for c in CATEGORIES)),
        named=True,
    )


def _heatmap(chance: Random, names: list[str]) -> Part:
    columns = tuple(Column(f"q{n}", text, "points", str(n)) for n, text in enumerate(STATEMENTS, 1))
    rows = tuple(
        Row(f"u{number}", name, tuple(chance.randint(1, 5) for _c in columns), short=f"{number:02}")
        for number, name in enumerate(names)
    )
    return Part(
        "heatmap",
        "Einheiten und Aussagen",
        Table("Einheit", columns, rows),
        _chart("heatmap", tuple(c.key for c in columns), 1, 5),
        named=True,
    )


def _change(chance: Random, names: list[str]) -> Part:
    columns = (
        Column("2025", "2025", "points"),
        Column("2026", "2026", "points"),
        Column("change", "Änderung", "change"),
    )
    rows = []
    for number, name in enumerate(names):
        then, now = chance.randint(8, 40), chance.randint(8, 40)
        cells: tuple[Cell, ...] = (
            (then, now, float(now - then)) if number != 2 else (None, now, None)
        )
        rows.append(Row(f"u{number}", name, cells, short=f"{number:02}"))
    return Part(
        "change",
        "Änderung je Einheit",
        Table("Einheit", columns, tuple(rows)),
        _chart("slopes", ("2025", "2026"), 8, 40),
        named=True,
    )


def _comparison(chance: Random) -> Part:
    columns = (
        Column("own", "Amt 01", "points"),
        Column("city", "Stadt", "mean"),
        Column("kind", "Ämter", "mean"),
    )
    rows = tuple(
        Row(
            f"q{n}",
            text,
            (chance.randint(1, 5), round(chance.uniform(2, 4), 2), WITHHELD if n == 4 else 3.1),
            short=str(n),
        )
        for n, text in enumerate(STATEMENTS, 1)
    )
    return Part(
        "comparison",
        "Amt 01 im Vergleich",
        Table("Aussage", columns, rows),
        _chart("dots", ("own", "city", "kind"), 1, 5),
        named=True,
    )


def _years() -> Part:
    rows = (
        Row("total", "Gesamtzahl", (None, 22.9, 26.4)),
        Row("language", "Sprache", (6.1, 7.0, 8.2)),
    )
    return Part(
        "years",
        "Über die Jahre",
        Table("Größe", YEARS, rows),
        _chart("lines", tuple(c.key for c in YEARS), 0, 40),
    )
