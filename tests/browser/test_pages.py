"""Every kind of page: WCAG 2.2 AA by axe-core, and no sideways scrolling, however it is read.

Every day in four languages, at the desk in its two; the build looks at all thirteen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.scenes import SCENES as SELF_CHECK
from tests.browser.scenes import Stage
from tests.browser.site import DAILY, OTHERS
from tests.browser.survey_scenes import SURVEY

SCENES = SELF_CHECK | SURVEY
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = {"type": "rule", "values": ["color-contrast"]}
DESK = (1280, 900)
NARROW, TELEPHONE = (320, 640), (390, 844)
WIDTH_OF_A_SPACE = 5

OVERFLOWING = """hanging => {
  const room = document.documentElement.clientWidth
  if (document.scrollingElement.scrollWidth <= room + hanging) return []
  return [...document.body.querySelectorAll('*')]
    .filter(e => !e.closest('.wide table, .hidden, .default'))
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => box.right > room + 0.5 || box.left < -0.5)
    .map(([e, box]) => `${e.tagName}.${e.className} ${box.left | 0}–${box.right | 0}`)
    .concat(`${document.scrollingElement.scrollWidth} of ${room}`)
}"""


EVERY_DAY = [(name, language) for name, scene in SCENES.items() for language in scene.spoken]
BY_THE_BUILD = [
    pytest.param(name, language, marks=pytest.mark.slow)
    for name, scene in SCENES.items()
    if scene.part == "respondent"
    for language in OTHERS
]


@pytest.mark.parametrize(("name", "language"), [*EVERY_DAY, *BY_THE_BUILD])
def test_page_can_be_read_by_everybody(stage: Stage, name: str, language: str) -> None:
    scene = SCENES[name]
    page = stage.profiles[scene.part].new_page()
    try:
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # Playwright cannot take a built-in
        scene.open(stage, page, language)
        assert [a.status for a in answers if a.request.is_navigation_request()][-1] == scene.status
        assert page.locator("html").get_attribute("lang") == language
        problems = list(LOOKS[_look(language)](page))
        assert not problems, "\n".join(problems)
    finally:
        page.close()


def _look(language: str) -> str:
    """How closely: one language from each side in every way, the others where words matter."""
    if language == DAILY[0]:
        return "thorough"
    return "in every way" if language == "ar" else "words"


def _problems_of_words(page: Page) -> Iterator[str]:
    """What another language can break: names, labels, and the room its words take."""
    page.set_viewport_size(_size(NARROW))
    page.evaluate(Axe().axe_script)
    yield from _findings(page, {"type": "tag", "values": WCAG})
    yield from _too_wide(page, "320")
    page.set_viewport_size(_size(TELEPHONE))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield from _too_wide(page, "390, text of 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")


def _problems_in_every_way(page: Page) -> Iterator[str]:
    yield from _problems_of_words(page)
    page.set_viewport_size(_size(DESK))
    yield from _too_wide(page, "1280")
    # What is dark differs in nothing but its colours.
    page.emulate_media(color_scheme="dark")
    yield from (f"dark: {each}" for each in _findings(page, COLOURS))


def _thorough_problems(page: Page) -> Iterator[str]:
    yield from _problems_in_every_way(page)
    yield from _problems_of_the_frame(page)


LOOKS = {
    "words": _problems_of_words,
    "in every way": _problems_in_every_way,
    "thorough": _thorough_problems,
}


def _problems_of_the_frame(page: Page) -> Iterator[str]:
    """What depends on the layout alone, not on the language."""
    page.emulate_media(color_scheme="light", forced_colors="active")
    yield from _invisible_in_forced_colours(page)
    page.set_viewport_size(_size(NARROW))
    yield from _too_wide(page, "320, forced colours")
    page.emulate_media(forced_colors="none")
    page.evaluate("document.dir = 'rtl'")
    # German set from right to left hangs the space of a wrapped line over the left edge.
    yield from _too_wide(page, "320, right to left", hanging=WIDTH_OF_A_SPACE)
    page.evaluate("document.dir = 'ltr'")


def _size(size: tuple[int, int]) -> Any:
    return {"width": size[0], "height": size[1]}


def _findings(page: Page, rules: dict[str, Any]) -> list[str]:
    options = {"resultTypes": ["violations"], "runOnly": rules}
    found = page.evaluate("options => axe.run(options)", options)
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _too_wide(page: Page, how: str, hanging: int = 0) -> list[str]:
    return [f"{how}: {each}" for each in page.evaluate(OVERFLOWING, hanging)]


def _invisible_in_forced_colours(page: Page) -> list[str]:
    """Buttons and marked answers keep an outline when the browser takes all colours away."""
    bare = page.evaluate(
        """() => [...document.querySelectorAll('main .button, main .band')]
          .filter(e => parseFloat(getComputedStyle(e).borderTopWidth) < 1)
          .map(e => e.textContent.trim())"""
    )
    return [f"forced colours: no border around „{words}“" for words in bare]
