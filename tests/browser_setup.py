"""Find a Chromium that works, or install one, and note its path in .venv/chromium-path.

Standard library only, so that it explains itself even where nothing is installed yet.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NOTE = Path(__file__).resolve().parent.parent / ".venv" / "chromium-path"
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core")
TRIAL_SECONDS = 60
INSTALL_SECONDS = 900

HELP = """\
No Chromium that works was found, and none could be installed.
Install one and try again:
  Debian:          apt install chromium fonts-noto-core
  other systems:   .venv/bin/playwright install --with-deps chromium
The other tests run without it: make test-unit\
"""


def main() -> int:
    """Note the path of a working browser; 1 if there is none."""
    if noted_before():
        return 0
    browser = installed() or from_debian() or from_playwright()
    if browser is None:
        NOTE.unlink(missing_ok=True)
        print(HELP, file=sys.stderr)
        return 1
    NOTE.parent.mkdir(exist_ok=True)
    NOTE.write_text(f"{browser}\n")
    print(f"Browser for the tests: {browser}")
    return 0


def noted_before() -> bool:
    """Whether an earlier run has found a browser that is still there."""
    return NOTE.exists() and os.access(NOTE.read_text().strip(), os.X_OK)


def installed() -> str | None:
    """The first browser of this machine that works."""
    found = (shutil.which(name) for name in CANDIDATES)
    return next((path for path in found if path and works(path)), None)


def works(path: str) -> bool:
    """Whether it names itself and shows a page: Ubuntu's package of that name is an empty shell."""
    if "Chrom" not in output_of(path, "--version"):
        return False
    with tempfile.TemporaryDirectory() as profile:
        page = output_of(
            *(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", f"--user-data-dir={profile}"),
            *("--dump-dom", "data:text/html,<p>Guten Tag"),
        )
    return "Guten Tag" in page


def output_of(*command: str) -> str:
    """What a command prints; nothing if it fails or hangs."""
    try:
        outcome = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TRIAL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return outcome.stdout if outcome.returncode == 0 else ""


def from_debian() -> str | None:
    """Chromium and the fonts of all our languages, where we may install Debian's packages."""
    if not is_debian() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Debian's Chromium for the tests …")
    # The lists may be outdated or half reachable and the packages be there all the same.
    run("apt-get", "update")
    run("apt-get", "install", "-y", "--no-install-recommends", *PACKAGES)
    return installed()


def is_debian() -> bool:
    """Whether this is Debian itself; its descendants may have no real package."""
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text().splitlines()


def from_playwright() -> str | None:
    """The browser that Playwright brings along."""
    if not output_of(sys.executable, "-m", "playwright", "--version"):
        return None
    print("Installing Playwright's Chromium for the tests …")
    # Into the virtual environment, unless somebody chose another place.
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(NOTE.parent / "browsers"))
    install = (sys.executable, "-m", "playwright", "install")
    if os.geteuid() != 0 or not run(*install, "--with-deps", "chromium"):
        run(*install, "chromium")
    question = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    path = output_of(sys.executable, "-c", question).strip()
    return path if path and works(path) else None


def run(*command: str) -> bool:
    """Whether a command that may take long succeeds; it is never asked a question."""
    try:
        outcome = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        print(f"{command[0]}: {failure}", file=sys.stderr)
        return False
    return outcome.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
