# Every door of the project that a person or CI opens. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
READY := $(VENV)/.ready

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- the environment ---------------------------------------------------------------------

.PHONY: setup
setup: $(READY) ## make .venv from the hash-locked requirements

$(VENV)/.bootstrap: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Tapal needs Python 3.11 or later; name one with PYTHON=..."; exit 1; }
	@echo "setup: a virtual environment in $(VENV)"
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(READY): $(VENV)/.bootstrap requirements/lock.txt pyproject.toml
	@echo "setup: packages from requirements/lock.txt"
	@$(BIN)/uv pip install --quiet --python $(PY) --require-hashes -r requirements/lock.txt
	@$(BIN)/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@$(PREPARE) >/dev/null 2>&1 </dev/null &
	@touch $@

# The engines' loops are compiled (half a minute each, once) beside what comes next, screening's first: the
# demo asks for those. Who needs them sooner waits for this process.
PREPARE := nice -n 5 $(PY) -c 'from tapal.engines.screening.lean import prepare; prepare(); \
  from tapal.engines.signals.compiled import LOOPS; LOOPS.prepare()'

# The static-file server looks for what is built here; the last file written stands for all.
ASSETS := src/tapal/web/static/build/icons.svg
# The sprite takes the icons that pages and kinds name.
ICON_USERS := $(wildcard src/tapal/kinds/*/__init__.py src/tapal/web/*.py) \
  $(shell find src/tapal/web/templates -name '*.html' 2>/dev/null)

.PHONY: assets
assets: $(ASSETS) ## build the desk's script, style, fonts and icons

$(ASSETS): package-lock.json .npmrc scripts/assets.py scripts/build_assets.mjs \
           $(wildcard src/tapal/web/assets/*) $(ICON_USERS) | $(READY)
	@$(PY) scripts/assets.py
	@touch $@

.PHONY: peers
peers: setup ## FollowTheMoney and nomenklatura, for bench (needs libicu-dev and g++)
	@$(BIN)/uv pip install --python $(PY) --require-hashes -r requirements/peers.txt

# --- running -----------------------------------------------------------------------------

# A home that was there before may hold real records: only one that the demo made is marked,
# and only a marked one is removed by `make clean`.
DEMO_HOME := test -e var || { mkdir -m 700 var && touch var/.made-by-demo; }

.PHONY: demo
demo: setup assets ## feed a day at the border and serve the desk in the foreground
	@$(DEMO_HOME)
	@exec $(BIN)/tapal demo $(ARGS)

.PHONY: day
day: setup assets ## the same without serving
	@$(DEMO_HOME)
	@exec $(BIN)/tapal day $(ARGS)

.PHONY: screens
screens: setup assets ## take the pictures in docs/screens
	@$(PY) scripts/screens.py $(ARGS)

.PHONY: bench
bench: setup assets ## measure in small: prints each bar and what was reached (ARGS=--full: at a million records)
	@$(PY) -m bench $(ARGS)

# --- tests -------------------------------------------------------------------------------

JOBS ?= 2
PYTEST := $(PY) -m pytest
# A test run takes its database and its marks from its target alone.
PLAIN := env -u TAPAL_DATABASE_URL -u TAPAL_HOME -u TAPAL_CRASH -u TAPAL_BROWSER
CHROMIUM := $(or $(TAPAL_CHROMIUM),$(shell command -v chromium || command -v chromium-browser \
              || command -v google-chrome || true))

.PHONY: test
test: setup assets ## every test that needs no server and no browser
	@$(PLAIN) $(PYTEST) -n $(JOBS) $(ARGS)

.PHONY: test-pg
test-pg: setup assets ## the store and the road on PostgreSQL, on a cluster of its own
	@$(PLAIN) $(PY) scripts/with_postgres.py -- \
	  $(PYTEST) -n $(JOBS) -m "(pg or road) and not crash and not browser" $(ARGS)

.PHONY: test-crash
test-crash: setup assets ## kill -9 at random moments, on SQLite and on PostgreSQL
	@$(PLAIN) TAPAL_CRASH=1 $(PYTEST) tests/crash -n $(JOBS) -m crash $(ARGS)
	@$(PLAIN) TAPAL_CRASH=1 $(PY) scripts/with_postgres.py -- \
	  $(PYTEST) tests/crash -n $(JOBS) -m crash $(ARGS)

.PHONY: test-browser
test-browser: setup assets ## the desk in a real Chromium
ifeq ($(strip $(CHROMIUM)),)
	@echo "SKIPPED: no Chromium on this machine (Debian: apt-get install chromium)"
else
	@$(PLAIN) TAPAL_BROWSER=1 TAPAL_CHROMIUM="$(CHROMIUM)" $(PYTEST) tests/web/browser -m browser $(ARGS)
endif

# Tools that only read the settings get a home of their own for the node's key.
SCRATCH := $(PLAIN) TAPAL_HOME="$(CURDIR)/.mypy_cache/home"

.PHONY: check
check: setup ## lint, types, import contracts, missing migrations, what is not documented
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
	@$(SCRATCH) $(BIN)/mypy
	@$(BIN)/lint-imports
	@$(SCRATCH) $(PY) -m django makemigrations --settings tapal.web.settings --check --dry-run
	@$(PLAIN) $(PYTEST) -q tests/docs

# --- housekeeping ------------------------------------------------------------------------

LOCK := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(ARGS)

.PHONY: lock
lock: setup ## make the locks again (ARGS=--upgrade for newer releases)
	@$(LOCK) requirements/bootstrap.in --output-file requirements/bootstrap.txt
	@$(LOCK) pyproject.toml --group dev --output-file requirements/lock.txt
	@$(LOCK) --group node --output-file requirements/node.txt
	@$(LOCK) pyproject.toml --extra ftm --extra bench --constraint requirements/lock.txt \
	  --output-file requirements/peers.txt
	@$(PY) -m scripts.lock_npm
	@! grep -nE '://|^--?[a-z]' requirements/*.txt package-lock.json

.PHONY: clean
clean: ## remove all that setup, assets, demo and tests made
	rm -rf $(VENV) node_modules src/tapal/web/static/build dist build test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	@if [ -e var/.made-by-demo ]; then echo "rm -rf var"; rm -rf var; \
	  elif [ -e var ]; then echo "clean: the demo did not make var, it stays"; fi
