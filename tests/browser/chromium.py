"""Chromium, as the tests start it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser_setup import NOTE

DEBIANS = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",  # containers have no user namespaces for it, and only our own pages are opened
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def path() -> str:
    """Where the browser is. Raises FileNotFoundError with the cure."""
    noted = Path(NOTE.read_text().strip()) if NOTE.exists() else DEBIANS
    if not noted.exists():
        raise FileNotFoundError(f"no Chromium at {noted}; run: python tests/browser_setup.py")
    return str(noted)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, gone when the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
