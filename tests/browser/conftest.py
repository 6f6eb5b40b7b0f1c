"""One browser and one served city per worker; profiles that watch what the browser complains of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import trustme
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import chromium
from tests.browser.scenes import Stage, make_stage
from tests.browser.site import Site, sample_site
from tests.harness.server import free_port

NewPage = Callable[..., Page]
PATIENCE = 10_000
"""Milliseconds to wait for a page before a test fails."""


LONGEST_TEST = 120.0
"""Seconds after which a test's browser is taken for hung and ended."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End a browser that does not answer: the test then fails, where it would wait for ever.

    Making a page or running a script in one has no time limit in Playwright.
    """
    del item
    watch = threading.Timer(LONGEST_TEST, end_browser)
    watch.start()
    try:
        return (yield)
    finally:
        watch.cancel()


def end_browser() -> None:
    """End every Chromium this process has started, by its id."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "chrom" in process.name():
                process.kill()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, shared by the tests of a worker."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample city on SQLite, shared by a worker: every test takes fresh offices."""
    with sample_site(tmp_path_factory.mktemp("city")) as served:
        yield served


class Profiles:
    """Browser profiles and everything their browser complained of."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.complaints: list[str] = []
        self.made: list[BrowserContext] = []

    def new(self, **settings: Any) -> BrowserContext:
        """A profile of its own; without JavaScript unless asked for."""
        settings.setdefault("java_script_enabled", False)
        profile = self._browser.new_context(reduced_motion="reduce", **settings)
        profile.set_default_timeout(PATIENCE)
        profile.on("console", self._listen)
        profile.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.made.append(profile)
        return profile

    def _listen(self, message: Any) -> None:
        # A page of status 400 and more is reported here too; whether it is right, tests say.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(f"{message.text} on {message.page.url if message.page else '?'}")

    def close(self) -> None:
        """Close all."""
        for profile in self.made:
            profile.close()


@pytest.fixture
def profiles(browser: Browser) -> Iterator[Profiles]:
    """Profiles of this test, gone afterwards. Fails if the browser complained, say of the CSP."""
    made = Profiles(browser)
    yield made
    made.close()
    assert not made.complaints


@pytest.fixture
def new_page(profiles: Profiles) -> NewPage:
    """A page in a profile of its own: `new_page(viewport={…})`."""
    return lambda **settings: profiles.new(**settings).new_page()


@pytest.fixture(scope="session")
def stage(browser: Browser, site: Site) -> Iterator[Stage]:
    """The city with everybody signed in, for looking at every kind of page."""
    shared = Profiles(browser)
    yield make_stage(site, lambda: shared.new(java_script_enabled=True))
    shared.close()
    assert not shared.complaints


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for 127.0.0.1, in the environment of every server started on `port`."""

    port: int


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """TLS_CERT and TLS_KEY as an administrator sets them."""
    made = trustme.CA().issue_cert("127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
    key.write_bytes(made.private_key_pem.bytes())
    monkeypatch.setenv("TLS_CERT", str(chain))
    monkeypatch.setenv("TLS_KEY", str(key))
    return Certificate(free_port())
