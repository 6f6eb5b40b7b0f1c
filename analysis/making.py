"""The worker's orders: which files are made of a wave, for whom, and by what.

Everything of one wave is made from the same snapshot, so that no two files disagree. Files about
single units by name stay inside the role; the report names units only if that was promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Flask
from sqlalchemy import Connection

from analysis.documents.letterhead import Letterhead
from analysis.evaluation.sections import Evaluation, Level
from analysis.exports import AnswerTable
from analysis.files.codebook import Codebook, codebook
from analysis.reading import read_evaluation
from analysis.stamp import stamp
from config import Config
from survey.database import clock
from survey.files import Made
from survey.locale import speaking
from survey.questionnaires import Frozen
from survey.services import Services

LANGUAGES = ("de", "en")
"""The languages of what the commissioner takes away."""
LEVELS: tuple[Level, ...] = ("internal", "report", "public")

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SVG = "image/svg+xml"
CSV = "text/csv; charset=utf-8"
JSON = "application/json; charset=utf-8"
SAV = "application/x-spss-sav"
PARQUET = "application/vnd.apache.parquet"
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Material:
    """What the files of one wave are made from.

    Attributes:
        evaluations: by level and language; public ones only of what is closed.
        answers: named sheets, None where single sheets may not be exported.
    """

    slug: str
    stamp: str
    evaluations: Mapping[tuple[Level, str], Evaluation]
    codebooks: Mapping[str, Codebook]
    answers: AnswerTable | None
    letterhead: Letterhead
    made: date


@dataclass(frozen=True, slots=True)
class Order:
    """One file to be made."""

    name: str
    media_type: str
    language: str
    make: Callable[[], bytes]


def letterhead(config: Config) -> Letterhead:
    """The head of every document, from the settings."""
    lines = config.letterhead or tuple(filter(None, (config.contact, config.contact_mail)))
    logo = Path(config.letterhead_logo) if config.letterhead_logo else None
    return Letterhead(config.organisation, lines, logo)


def read_material(
    app: Flask, connection: Connection, slug: str, answers: AnswerTable | None, frozen: Frozen
) -> Material | None:
    """Everything about a wave, read in one snapshot; None if there is no such wave."""
    services: Services = app.extensions["services"]
    zone = services.config.zone
    today = clock(connection).astimezone(zone).date()
    evaluations: dict[tuple[Level, str], Evaluation] = {}
    codebooks = {}
    for language in LANGUAGES:
        with speaking(app, language):
            for level in LEVELS:
                found = read_evaluation(
                    connection, services.library, slug, level, today=today, zone=zone
                )
                if found is None:
                    return None
                evaluations[level, language] = found
            known = language if language in frozen.languages else "de"
            codebooks[language] = codebook(frozen.localised(known))
    return Material(
        slug=slug,
        stamp=stamp(connection, slug),
        evaluations=evaluations,
        codebooks=codebooks,
        answers=answers,
        letterhead=letterhead(services.config),
        made=today,
    )


def orders(material: Material, *, public: bool) -> list[Order]:
    """The files to be made, in the order they are wanted; the public ones only if they may be."""
    found = [order for language in LANGUAGES for order in _documents(material, language, public)]
    for language in LANGUAGES:
        found += _data(material, language)
    if material.answers is not None:
        found += _answers(material, material.answers)
    return found


def public_name(slug: str, language: str) -> str:
    """The name of the public summary."""
    return f"{slug}-public-{language}.pdf"


def make(app: Flask, order: Order) -> Made:
    """Make one file, in its language."""
    with speaking(app, order.language):
        return Made(order.name, order.media_type, order.make())


def _documents(material: Material, language: str, public_too: bool) -> Iterator[Order]:
    # Imported by the worker alone, and late: each draws or typesets and is dear to load.
    from analysis.documents.deck import deck_pptx  # noqa: PLC0415
    from analysis.documents.report import report_pdf  # noqa: PLC0415
    from analysis.documents.summary import summary_pdf  # noqa: PLC0415
    from analysis.documents.word import report_docx  # noqa: PLC0415

    slug, head = material.slug, material.letterhead
    report = material.evaluations["report", language]
    public = material.evaluations["public", language]
    yield Order(f"{slug}-report-{language}.pdf", PDF, language, lambda: report_pdf(report, head))
    yield Order(f"{slug}-report-{language}.docx", DOCX, language, lambda: report_docx(report, head))
    yield Order(f"{slug}-slides-{language}.pptx", PPTX, language, lambda: deck_pptx(report, head))
    if public_too:
        name = public_name(slug, language)
        yield Order(name, PDF, language, lambda: summary_pdf(public, head))


def _data(material: Material, language: str) -> Iterator[Order]:
    from analysis.files.json_document import json_document  # noqa: PLC0415  # as above
    from analysis.files.tables import tables_csv  # noqa: PLC0415
    from analysis.files.workbook import workbook  # noqa: PLC0415

    slug, book = material.slug, material.codebooks[language]
    internal = material.evaluations["internal", language]

    def results() -> bytes:
        target = BytesIO()
        workbook(internal, book, material.answers, target)
        return target.getvalue()

    yield Order(f"{slug}-results-{language}.xlsx", XLSX, language, results)
    yield Order(
        f"{slug}-tables-{language}-excel.csv",
        CSV,
        language,
        lambda: "".join(tables_csv(internal, for_excel=True)).encode(),
    )
    yield Order(
        f"{slug}-tables-{language}.csv",
        CSV,
        language,
        lambda: "".join(tables_csv(internal, for_excel=False)).encode(),
    )
    yield Order(
        f"{slug}-results-{language}.json",
        JSON,
        language,
        lambda: "".join(json_document(internal, book, material.answers)).encode(),
    )
    yield from _pictures(internal, language)
    yield Order(
        f"{slug}-figures-{language}.zip", ZIP, language, lambda: figures_zip(internal, language)
    )


def _pictures(evaluation: Evaluation, language: str) -> Iterator[Order]:
    """What no table can be for itself on the page: lines from year to year."""
    from analysis.figures import pages, svg  # noqa: PLC0415  # as above

    for section, part in evaluation.parts():
        if part.chart and part.chart.kind in ("lines", "slopes") and part.table.rows:
            drawn = pages(part, language)
            if len(drawn) == 1:
                name = f"{evaluation.slug}-{section.key}-{part.key}-{language}.svg"
                yield Order(name, SVG, language, partial(svg, drawn[0], language))


def _answers(material: Material, answers: AnswerTable) -> Iterator[Order]:
    from analysis.files.parquet import parquet  # noqa: PLC0415  # as above
    from analysis.files.sav import sav  # noqa: PLC0415

    slug, book = material.slug, material.codebooks["de"]
    title = material.evaluations["internal", "de"].title

    def for_spss() -> bytes:
        with TemporaryDirectory(prefix="zugangscheck-") as folder:
            path = Path(folder) / "answers.sav"
            sav(answers, book, path, label=title, made=material.made)
            return path.read_bytes()

    def columns() -> bytes:
        target = BytesIO()
        parquet(answers, book, target)
        return target.getvalue()

    yield Order(f"{slug}-answers.sav", SAV, "de", for_spss)
    yield Order(f"{slug}-answers.parquet", PARQUET, "de", columns)


def figures_zip(evaluation: Evaluation, language: str) -> bytes:
    """Every chart as SVG and PNG for print; the same evaluation gives the same bytes."""
    from analysis.figures import pages, png, svg  # noqa: PLC0415  # as above

    target = BytesIO()
    moment = (evaluation.made.year, evaluation.made.month, evaluation.made.day, 0, 0, 0)
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for section, part in evaluation.parts():
            if part.chart is None:
                continue
            for number, page in enumerate(pages(part, language), 1):
                name = f"{section.key}-{part.key}" + (f"-{number}" if number > 1 else "")
                archive.writestr(ZipInfo(f"{name}.svg", moment), svg(page, language))
                archive.writestr(ZipInfo(f"{name}.png", moment), png(page, language))
    return target.getvalue()
