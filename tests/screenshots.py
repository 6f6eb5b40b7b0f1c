"""Pictures of every kind of page, on the sample city: `make screenshots`.

Every page in the languages it is looked at in every day, on three widths, light and dark;
`--languages` names others. With `--readme` the two pictures of the README are made instead, in
docs/bilder/.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from config import ROOT
from survey.catalogues import compile_stale
from tests.browser.chromium import chromium
from tests.browser.filling import YELLOW, enter, press, walk
from tests.browser.picture import small_png
from tests.browser.scenes import SCENES as SELF_CHECK
from tests.browser.scenes import Stage, make_stage, sign_in
from tests.browser.site import DESK_LANGUAGES, Site, sample_site
from tests.browser.survey_scenes import SURVEY

WIDTHS = {320: 640, 768: 1024, 1440: 900}
"""Width of the window and its height, in pixels."""
SCENES = SELF_CHECK | SURVEY
PICTURES = ROOT / "docs" / "bilder"
COLUMN = 800
LARGEST_PICTURE = 300_000
"""Bytes: a README should open at once."""


def main(arguments: list[str]) -> int:
    """Make the pictures; 1 if one of the README's became too large."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where the pictures go")
    parser.add_argument("--readme", action="store_true", help="make the pictures of the README")
    parser.add_argument("--only", nargs="*", default=list(SCENES), help="some kinds of pages")
    parser.add_argument("--languages", nargs="*", help="other languages than those of every day")
    parser.add_argument("--widths", nargs="*", type=int, default=list(WIDTHS), choices=WIDTHS)
    parser.add_argument("--light", action="store_true", help="leave the dark ones out")
    given = parser.parse_args(arguments)
    compile_stale()
    with _city() as (site, browser):
        if given.readme:
            return _for_readme(site, browser)
        if given.folder is None:
            parser.error("name the folder for the pictures")
        stage = make_stage(site, lambda: browser.new_context(reduced_motion="reduce"))
        for name in given.only:
            for picture in _pictures(stage, name, given):
                print(picture, flush=True)
    return 0


@contextmanager
def _city() -> Iterator[tuple[Site, Browser]]:
    with (
        TemporaryDirectory(prefix="zugangscheck-") as folder,
        sample_site(Path(folder)) as site,
        chromium() as browser,
    ):
        yield site, browser


def _pictures(stage: Stage, name: str, given: argparse.Namespace) -> Iterator[Path]:
    given.folder.mkdir(parents=True, exist_ok=True)
    scene = SCENES[name]
    for language in given.languages or scene.spoken:
        if scene.part != "respondent" and language not in DESK_LANGUAGES:
            continue
        page = stage.profiles[scene.part].new_page()
        scene.open(stage, page, language)
        for width in given.widths:
            page.set_viewport_size(_size(width, WIDTHS[width]))
            schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
            for scheme in schemes[:1] if given.light else schemes:
                page.emulate_media(color_scheme=scheme)
                path = given.folder / f"{name}-{language}-{width}-{scheme}.png"
                page.screenshot(path=path, full_page=True)
                yield path
        page.close()


def _size(width: int, height: int) -> Any:
    return {"width": width, "height": height}


def _for_readme(site: Site, browser: Browser) -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(locale="de-DE", reduced_motion="reduce")
    made = [_result(page, site), _wave(page, site)]
    for path in made:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    return int(any(path.stat().st_size > LARGEST_PICTURE for path in made))


def _result(page: Page, site: Site) -> Path:
    """A yellow result with last year beside it: one long page, cut into two columns."""
    page.set_viewport_size(_size(COLUMN, 900))
    enter(page, site, site.standing("M 50"))
    walk(page, YELLOW)
    press(page, "Jetzt abgeben")
    page.goto(page.url.split("?")[0])
    cut = _top(page, "tbody:nth-of-type(2)")
    end = _top(page, "section[aria-labelledby=texts]") - 24
    columns = [
        page.screenshot(full_page=True, clip=_clip(COLUMN, *part))
        for part in ((0, cut), (cut, end))
    ]
    return _kept(page, "ergebnis.png", columns)


def _wave(page: Page, site: Site) -> Path:
    """The return and the units of last year: a wave with many sheets says most."""
    page.set_viewport_size(_size(1100, 900))
    sign_in(page, site, "commissioner")
    page.goto(site.url(f"/de/desk/waves/{site.last_year}/"))
    clip = _clip(1100, 0, _top(page, "#smaller") - 24)
    return _kept(page, "durchgang.png", [page.screenshot(full_page=True, clip=clip)])


def _clip(width: int, top: float, bottom: float) -> Any:
    return {"x": 0, "y": top, "width": width, "height": bottom - top}


def _top(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"]


def _kept(page: Page, name: str, columns: list[bytes]) -> Path:
    """Put the columns beside each other in one small file."""
    page.goto("about:blank")
    path = PICTURES / name
    path.write_bytes(small_png(page, columns))
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
