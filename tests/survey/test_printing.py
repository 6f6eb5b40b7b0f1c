"""What is printed and handed on: the empty questionnaire, the poster, QR codes, links."""

from __future__ import annotations

import gzip
from functools import partial

import pytest
from sqlalchemy import Connection, update

from survey.qr import qr_code
from survey.tables import unit
from tests.client import Browser
from tests.conftest import MakeWorld
from tests.survey.anonymously import AUDIENCES, SLUG, make_anonymous
from tests.survey.walks import begin, sign_in
from tests.world import World, selbstcheck

OPEN = f"/o/{SLUG}/{AUDIENCES[0]}"


@pytest.fixture
def city(new_world: MakeWorld) -> World:
    """An installation with an open anonymous wave."""
    return make_anonymous(new_world())


def test_every_question_and_option_is_on_the_printed_sheet(world: World) -> None:
    page = Browser(world).visit("/de/only-us/selbstcheck-2025/print")
    questionnaire = selbstcheck()
    for question in questionnaire.questions.values():
        assert question.text in page.text, question.id
        for option in questionnaire.options(question):
            assert option.text in page.text, option.code
    assert not page.soup.select("main input, main textarea")


def test_an_invited_unit_reads_all_questions_before(world: World) -> None:
    page = begin(world, world.handles[0]).browser
    office = world.handles[0]
    shown = page.visit(f"/ar/w/selbstcheck-2026/{office}/print")
    assert shown.one("html")["dir"] == "rtl"
    assert shown.one("main a.button")["href"] == f"/ar/w/selbstcheck-2026/{office}/"
    # Without the link in this browser, nobody learns what it is about.
    Browser(world).visit(f"/ar/w/selbstcheck-2026/{office}/print", status=403)


def test_the_questions_of_an_open_survey_can_be_read_by_anybody(city: World) -> None:
    page = Browser(city).visit(f"/de{OPEN}/print")
    assert len(page.all(".paper-question")) >= 4


def test_the_poster_leads_to_its_own_language(city: World) -> None:
    page = Browser(city).visit(f"/de{OPEN}/poster")
    address = f"http://127.0.0.1:8000/de{OPEN}"
    assert page.all(".address code") == [address]
    label = page.one(".qr svg[role=img] title").get_text()
    assert label == "QR-Code mit dieser Adresse"
    drawn = str(page.one(".qr svg path.qrline")["d"])
    assert drawn in qr_code(address, label)
    assert drawn not in qr_code(address.replace("/de/", "/ar/"), label)


def test_a_qr_code_takes_its_name_as_text() -> None:
    assert "<title>&lt;b&gt; &amp; „ä“</title>" in qr_code("http://127.0.0.1/", "<b> & „ä“")


def _speaks(code: str, language: str, connection: Connection) -> None:
    connection.execute(update(unit).where(unit.c.code == code).values(language=language))


def test_links_for_a_mail_merge_are_in_the_language_of_the_unit(world: World) -> None:
    spoken = {"10": "ar", "20": "xx"}
    for code, language in spoken.items():
        world.database.write(partial(_speaks, code, language))
    lines = sign_in(world).visit("/de/desk/waves/selbstcheck-2026/links.csv").html.splitlines()
    links = {line.split(";")[0]: line.split(";")[4] for line in lines[1:]}
    assert "/ar/l/" in links["10"]
    assert "/de/l/" in links["20"], "a language the wave does not speak"


@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "", "gzip;q=0"])
def test_own_files_are_compressed_for_those_who_can_read_it(world: World, accepted: str) -> None:
    client = world.app.test_client()
    page = client.get("/de/")
    address = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(address) as answer:
        plain = answer.data
    with client.get(address, headers={"Accept-Encoding": accepted}) as sent:
        body = sent.data
    assert "Accept-Encoding" in sent.headers["Vary"]
    assert sent.mimetype == "text/css"
    if accepted.startswith("gzip,"):
        assert sent.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == plain
        assert len(body) < len(plain) / 2
    else:
        assert body == plain
