# Everything a developer or an operator does often. `make` alone lists it.

PYTHON ?= python3
WORKERS ?= 2
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin

# Packages are installed from wheels whose checksums are in the repository: nothing is built, and
# nothing is written outside this folder.
PIP_INSTALL := TMPDIR="$(CURDIR)/$(VENV)/tmp" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 \
	PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --quiet --no-cache-dir
LOCKED := --require-hashes --only-binary :all:

# Should Playwright have to bring its own browser, it stays in this folder too.
export PLAYWRIGHT_BROWSERS_PATH := $(CURDIR)/$(VENV)/browsers

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run test test-unit test-browser test-postgresql check format lint types imports \
	translations catalogues bench soak crash-test attack screenshots lock clean install

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed-run ## Install what is needed and start the service (PORT=… for another port)
	@exec $(BIN)/zugangscheck run

test: $(VENV)/.installed-dev ## Run all tests (PYTEST_ARGS=… for some of them)
	@$(BIN)/python tests/browser_setup.py
	@$(BIN)/python -m tests.office_setup
	@$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

test-unit: $(VENV)/.installed-dev ## Run the tests that need neither browser nor PostgreSQL
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not browser and not postgresql and not slow" $(PYTEST_ARGS)

test-browser: $(VENV)/.installed-dev ## Run the tests that drive Chromium
	@$(BIN)/python tests/browser_setup.py
	@$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

test-postgresql: $(VENV)/.installed-dev ## Run the tests that need PostgreSQL
	@$(BIN)/python -m pytest -n $(WORKERS) -m postgresql $(PYTEST_ARGS)

check: lint types imports catalogues ## Everything a change has to pass every day
	@$(MAKE) --no-print-directory test PYTEST_ARGS='-m "not slow" $(PYTEST_ARGS)'

format: $(VENV)/.installed-dev ## Put the code into its usual form
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

lint: $(VENV)/.installed-dev ## Check form and style of the code
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check

types: $(VENV)/.installed-dev ## Check the types
	@$(BIN)/mypy

imports: $(VENV)/.installed-dev ## Check who imports whom
	@$(BIN)/lint-imports --no-logo

translations: $(VENV)/.installed-run ## Bring the catalogues up to date with the texts
	@$(BIN)/zugangscheck translations update

catalogues: $(VENV)/.installed-run ## Check that the catalogues are complete and up to date
	@$(BIN)/zugangscheck translations check

bench: $(VENV)/.installed-dev ## Measure how fast pages and analyses are (ARGS=…)
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(VENV)/.installed-dev ## Let many respondents answer for a while (MINUTES=…)
	@$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(ARGS)

crash-test: $(VENV)/.installed-dev ## Kill the service again and again and count the answers (KILLS=…)
	@$(BIN)/python -m tests.crash $(if $(KILLS),--kills $(KILLS)) $(ARGS)

attack: $(VENV)/.installed-dev ## Try to work out small groups from everything released (POPULATIONS=…)
	@$(BIN)/python -m tests.attack $(if $(POPULATIONS),--populations $(POPULATIONS)) $(ARGS)

screenshots: $(VENV)/.installed-dev ## Make pictures of every kind of page (ARGS="--only home --languages ar")
	@$(BIN)/python tests/browser_setup.py
	@$(BIN)/python -m tests.screenshots build/screenshots $(ARGS)

lock: $(VENV)/.installed-dev ## Write the lock files anew (UPGRADE=1 for newer versions)
	@$(UV_COMPILE) --extra postgres --output-file requirements.txt pyproject.toml
	@$(UV_COMPILE) --extra postgres --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt pyproject.toml
	@! grep -nE '://|^-' requirements.txt requirements-dev.txt

# Universal: one file for every supported Python and processor. No addresses: where packages come
# from is the business of the machine that installs them.
UV_COMPILE = UV_CACHE_DIR=$(VENV)/uv-cache $(BIN)/uv pip compile --no-config --quiet \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

clean: ## Remove everything that was installed or computed; answers and settings stay
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install: $(VENV)/.installed-run  ## Set up what `make run` needs, without starting.

# Stamp files: as long as nothing has changed, no command is run at all.

$(VENV)/.created:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is too old; Python 3.11 or newer is needed. Name another one: make run PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) …"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@mkdir -p $(VENV)/tmp
	@touch $@

$(VENV)/.installed-run: requirements.txt pyproject.toml $(VENV)/.created
	@echo "Installing the packages of the service …"
	@$(PIP_INSTALL) $(LOCKED) -r requirements.txt </dev/null
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e . </dev/null
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed-run
	@echo "Installing the packages for tests and checks …"
	@$(PIP_INSTALL) $(LOCKED) -r requirements-dev.txt </dev/null
	@touch $@
