"""Find LibreOffice and pdftotext, or install them: tests open what the service writes with them.

Standard library only, so that it explains itself even where nothing is installed yet.
"""

import os
import shutil
import sys

from tests.browser_setup import run

PROGRAMS = {
    "soffice": ("libreoffice-calc", "libreoffice-impress", "libreoffice-writer"),
    "pdftotext": ("poppler-utils",),
}

HELP = """\
Missing, and not to be installed from here: {names}
Install what brings them and try again. On Debian and Ubuntu:
  apt install --no-install-recommends {packages}
The tests that do not need them run by: make test-unit\
"""


def missing() -> list[str]:
    """The programs that are not there."""
    return [name for name in PROGRAMS if not shutil.which(name)]


def main() -> int:
    """Install what is missing where we may; 1 if something still is."""
    packages = [package for name in missing() for package in PROGRAMS[name]]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing LibreOffice and poppler for the tests …")
        run("apt-get", "update")
        run("apt-get", "install", "-y", "--no-install-recommends", *packages)
    if missing():
        print(HELP.format(names=", ".join(missing()), packages=" ".join(packages)), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
