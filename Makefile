# Every target makes its own .venv and installs what it needs; see CONTRIBUTING.md.
# PYTHON chooses the interpreter of a new .venv, ARGS is passed on to the command.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
DATABASE_URLS ?= postgres://postgres@127.0.0.1:5432/test mysql://root@127.0.0.1:3306/test

# The targets choose their settings themselves. Without compiled modules each process of a test reads them anew.
unexport DJANGO_SETTINGS_MODULE PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help messages test test-all coverage test-browser pictures test-databases test-processes fuzz demo lint format types docs package bench bench-peers clean

help:
	@echo "make demo            the example site and a local tenant, offline"
	@echo "make test            the test suite on SQLite and local memory, a minute"
	@echo "make test-all        all of it, with all rows of long tables and several processes"
	@echo "make coverage        the same, with branch coverage"
	@echo "make test-browser    the journeys in Chromium"
	@echo "make pictures        the pictures of README and docs, taken by these journeys"
	@echo "make test-databases  the test suite on PostgreSQL and MariaDB (DATABASE_URLS)"
	@echo "make test-processes  four processes of a site, and a Redis that goes away"
	@echo "make fuzz            hostile input and odd answers, many more of them than in make test"
	@echo "make lint            ruff: rules and format (make format mends what it can)"
	@echo "make types           mypy; mypy and pyright on a site that uses the app"
	@echo "make docs            the documentation's site, its links checked"
	@echo "make messages        every string extracted, every language compiled"
	@echo "make package         wheel and sdist, built, opened and installed"
	@echo "make bench           what a login costs"
	@echo "make bench-peers     what it costs in other packages too"
	@echo "make clean           remove .venv and everything built"

# $(call install,<what pip is given>): install into .venv and leave a stamp named after the target.
define install
	@echo "Installing into $(VENV): $(1)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(1) || { \
		echo >&2; \
		echo "pip could not install what this needs (see above). The first run of a target" >&2; \
		echo "fetches packages: check the network, or your pip's index or proxy settings." >&2; \
		exit 1; }
	@touch $@
endef

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
		echo "Python 3.10 or later is needed; $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "$(PYTHON) cannot make a virtual environment (on Debian: apt install python3-venv)." >&2; \
		rm -rf $(VENV); \
		exit 1; }

$(VENV)/.installed-app: setup.cfg pyproject.toml | $(BIN)/python
	$(call install,--editable '.[all]')

$(VENV)/.installed-test: requirements/test.txt $(VENV)/.installed-app
	$(call install,-r requirements/test.txt)
	@# Compile the tests once; in the first run each worker would do so for itself.
	@$(BIN)/python -m pytest -q --collect-only >/dev/null 2>&1 || true

$(VENV)/.installed-browser: requirements/browser.txt $(VENV)/.installed-test
	$(call install,-r requirements/browser.txt)

$(VENV)/.installed-databases: requirements/databases.txt $(VENV)/.installed-test
	$(call install,-r requirements/databases.txt)

$(VENV)/.installed-peers: requirements/peers.txt $(VENV)/.installed-test
	$(call install,-r requirements/peers.txt)

$(VENV)/.installed-lint: requirements/lint.txt | $(BIN)/python
	$(call install,-r requirements/lint.txt)

$(VENV)/.installed-types: requirements/types.txt $(VENV)/.installed-browser
	$(call install,-r requirements/types.txt)

$(VENV)/.installed-docs: requirements/docs.txt | $(BIN)/python
	$(call install,-r requirements/docs.txt)

# One worker of pytest-xdist more than cores. ARGS="-n 0" has none, for a debugger.
test: $(VENV)/.installed-test
	env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m pytest -q -n auto $(ARGS)

test-all: $(VENV)/.installed-test
	env -u DATABASE_URL -u REDIS_URL PWDLESS_FUZZ=all \
		$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not browser" $(ARGS)

# Measuring doubles the time: of the faults, those at one step of each kind are kept.
coverage: $(VENV)/.installed-test
	@$(BIN)/python -m coverage erase
	env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m coverage run -m pytest -q \
		-m "not browser and not packaging and not processes and not benchmark and not every_step" $(ARGS)
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

test-browser: $(VENV)/.installed-browser
	@command -v $(or $(CHROMIUM),chromium-headless-shell) >/dev/null || \
		command -v $(or $(CHROMIUM),chromium) >/dev/null || { \
		echo "No Chromium found. On Debian: apt install chromium-headless-shell" >&2; \
		echo "Elsewhere name one: make test-browser CHROMIUM=/path/to/chromium" >&2; \
		exit 1; }
	env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m pytest -o testpaths=tests/browser \
		-m "browser and not thorough" $(ARGS)

pictures: $(VENV)/.installed-browser
	env -u DATABASE_URL -u REDIS_URL PWDLESS_PICTURES=1 \
		$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

# What asks no database anything.
WITHOUT_DATABASE = tests/auth0 tests/checks tests/localtenant tests/templates \
	tests/fuzz/test_answers.py tests/fuzz/test_fields.py tests/fuzz/test_id_tokens.py tests/fuzz/test_access_tokens.py \
	tests/fuzz/test_parsers.py tests/test_demo.py tests/docs tests/identifiers tests/pages \
	tests/test_imports.py

test-databases: $(VENV)/.installed-databases
	@set -e; for url in $(DATABASE_URLS); do \
		echo "== $${url%%:*}"; \
		DATABASE_URL=$$url PWDLESS_FUZZ=all PWDLESS_ROWS=4 $(BIN)/python -m pytest -q -n auto --dist worksteal \
			$(addprefix --ignore ,$(WITHOUT_DATABASE)) $(ARGS); \
	done

# Part of "make test-all" too, where there is a redis-server; DATABASE_URL chooses the database.
test-processes: $(VENV)/.installed-test
	env -u REDIS_URL PWDLESS_REQUIRE_PROCESSES=1 \
		$(BIN)/python -m pytest -m processes tests/processes $(ARGS)

fuzz: $(VENV)/.installed-test
	PWDLESS_FUZZ=thorough \
		$(BIN)/python -m pytest -n auto tests/fuzz $(ARGS)

demo: $(VENV)/.installed-app
	@$(BIN)/python example_project/demo.py $(ARGS)

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.installed-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.installed-types
	$(BIN)/mypy $(ARGS)
	$(BIN)/python tests/typing/check.py

# A warning, such as a link that leads nowhere, is an error.
docs: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx --nitpicky --fail-on-warning --keep-going --quiet docs build/docs $(ARGS)
	@echo "build/docs/index.html"

# Needs GNU gettext. ARGS names languages to begin: make messages ARGS="fr pt_BR"
messages: $(VENV)/.installed-app
	$(BIN)/python translations/messages.py $(ARGS)

package: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m packaging $(ARGS)
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/python -m twine check --strict dist/*

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/login.py $(ARGS)

bench-peers: $(VENV)/.installed-peers
	$(BIN)/python -W ignore benchmarks/peers.py $(ARGS)

clean:
	rm -rf $(VENV) .tox build dist htmlcov .coverage .coverage.* *.egg-info
