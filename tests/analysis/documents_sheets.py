"""Sheets of one unit to print: German, and Arabic with German names in between. All made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analysis.documents.unit_sheet import (
    Category,
    ComparisonRow,
    EarlierResult,
    Listing,
    Promise,
    ScaleStep,
    Statement,
    UnitSheet,
)

ANSWERS = (
    "stimme gar nicht zu",
    "stimme eher nicht zu",
    "teilweise",
    "stimme eher zu",
    "stimme zu",
)
STATEMENTS = (
    "Wir sprechen mit Ratsuchenden in leicht verständlichem Deutsch.",
    "Unsere Schreiben und Formulare sind in leicht verständlichem Deutsch verfasst.",
    "Informationen gibt es bei uns in mehreren Sprachen, auch im Internet.",
    "Unsere Räume sind gut zu finden und in mehreren Sprachen beschildert.",
    "Abläufe und Zuständigkeiten erklären wir, bevor jemand danach fragen muss.",
    "Die Mitarbeitenden sind im Umgang mit Menschen anderer Herkunft geschult.",
    "Auf Beschwerden über Benachteiligung antworten wir nach festen Regeln.",
    "Mit Migrantenorganisationen arbeiten wir regelmäßig zusammen.",
)
POINTS = (4, 2, 3, 2, 4, 3, 1, 5)
BEFORE = (3, 2, 2, None, 3, 3, 2, 4)
FIELDS = (
    ("Sprache/Kommunikation", range(3)),
    ("Organisation/Behörde", range(3, 5)),
    ("Interkulturelle Sensibilität/Menschenbilder", range(5, 8)),
)

ARABIC_ANSWERS = ("لا أوافق إطلاقا", "لا أوافق غالبا", "جزئيا", "أوافق غالبا", "أوافق تماما")
ARABIC_STATEMENTS = (
    "نتحدث مع المراجعين بلغة ألمانية سهلة الفهم.",
    "رسائلنا واستماراتنا مكتوبة بلغة ألمانية سهلة الفهم.",
    "نقدم المعلومات بعدة لغات، وعلى الإنترنت أيضا.",
    "من السهل العثور على مكاتبنا، واللافتات بعدة لغات.",
    "نشرح الإجراءات والاختصاصات قبل أن يسأل عنها أحد.",
    "الموظفون مدربون على التعامل مع أشخاص من أصول مختلفة.",
    "نجيب عن شكاوى التمييز وفق قواعد ثابتة.",
    "نتعاون بانتظام مع منظمات المهاجرين.",
)
ARABIC_FIELDS = ("اللغة والتواصل", "التنظيم والإدارة", "الحساسية بين الثقافات وصور الإنسان")


def german_sheet() -> UnitSheet:
    """An office that has answered before, in the middle of the scale."""
    return UnitSheet(
        unit="Bürgeramt Musterstadt",
        wave="Selbstcheck 2026",
        day=date(2026, 4, 17),
        made=date(2026, 5, 2),
        language="de",
        direction="ltr",
        total=24,
        possible=40,
        band="yellow",
        band_word="Gelb",
        scale=_scale("Rot", "Gelb", "Grün"),
        categories=_categories(STATEMENTS, ANSWERS, tuple(title for title, _of in FIELDS), "Gelb"),
        advice="Es gibt gute Ansätze. Beachten Sie besonders die Kategorien und Fragen mit den "
        "niedrigsten Punkten und überlegen Sie im Team, was Sie als Nächstes verändern.",
        reader="Nur für Ihre Organisationseinheit: bitte nicht weitergeben.",
        contact="Fragen beantwortet: Büro für Integration (Musterstadt), "
        "integration@musterstadt.example.",
        history=(
            EarlierResult("Selbstcheck 2025", 21, 40, "yellow", "Gelb"),
            EarlierResult("Selbstcheck 2024", None, None),
        ),
        promises=(
            Promise("Formular für Wohnsitzanmeldung in einfacher Sprache", "umgesetzt"),
            Promise("=Schulung für alle am Empfang #set page(", "in Umsetzung"),
        ),
        listings=(
            Listing("Welche Maßnahmen planen Sie in den nächsten 12 Monaten?", ("Beschilderung",)),
            Listing("In welchen Feldern arbeiten Sie zusammen?", ("Beratung", "Veranstaltungen")),
            Listing("Was sind Ihre nächsten Schritte?", ()),
        ),
        comparison=(
            ComparisonRow("Gesamtzahl", 24, 26.4, 17),
            ComparisonRow("Sprache/Kommunikation", 9, None, None),
        ),
        comparison_note="Verglichen wird mit allen anderen, die abgegeben haben; fünf oder mehr.",
        provisional="Vorläufige Schwellen: drei gleich große Abschnitte.",
        sample=True,
    )


def arabic_sheet() -> UnitSheet:
    """The same in Arabic: the unit's name and what it wrote stay German."""
    german = german_sheet()
    return replace(
        german,
        wave="Selbstcheck 2026",
        language="ar",
        direction="rtl",
        band_word="أصفر",
        scale=_scale("أحمر", "أصفر", "أخضر"),
        categories=_categories(ARABIC_STATEMENTS, ARABIC_ANSWERS, ARABIC_FIELDS, "أصفر"),
        advice="هناك بدايات جيدة. انتبهوا خصوصا إلى المجالات والأسئلة ذات النقاط الأقل، "
        "وفكروا معا فيما ستغيرونه بعد ذلك.",
        reader="لوحدتكم فقط: يرجى عدم تمريره.",
        contact="للأسئلة: Büro für Integration (Musterstadt)، integration@musterstadt.example.",
        history=(
            EarlierResult("Selbstcheck 2025", 21, 40, "yellow", "أصفر"),
            EarlierResult("Selbstcheck 2024", None, None),
        ),
        listings=(
            Listing("ما الإجراءات التي تخططون لها في الأشهر الـ 12 القادمة؟", ("Beschilderung",)),
            Listing("في أي مجالات تتعاونون؟", ("الاستشارة", "الفعاليات")),
        ),
        comparison=(ComparisonRow("المجموع", 24, 26.4, 17),),
        comparison_note="المقارنة مع جميع الوحدات الأخرى.",
        provisional="حدود مؤقتة: ثلاثة أقسام متساوية.",
    )


def _scale(*names: str) -> tuple[ScaleStep, ...]:
    red, yellow, green = names
    return (
        ScaleStep("red", red, 8, 18),
        ScaleStep("yellow", yellow, 19, 29),
        ScaleStep("green", green, 30, 40),
    )


def _categories(
    texts: tuple[str, ...], answers: tuple[str, ...], titles: tuple[str, ...], band_word: str
) -> tuple[Category, ...]:
    return tuple(
        Category(
            title=title,
            points=sum(POINTS[place] for place in members),
            possible=5 * len(members),
            statements=tuple(
                Statement(
                    number=str(place + 1),
                    text=texts[place],
                    answer=answers[POINTS[place] - 1],
                    points=POINTS[place],
                    possible=5,
                    pointed_out=POINTS[place] < 3,
                    before=BEFORE[place],
                )
                for place in members
            ),
            pointed_out=members == range(3, 5),
            band="yellow",
            band_word=band_word,
        )
        for title, (_title, members) in zip(titles, FIELDS, strict=True)
    )
