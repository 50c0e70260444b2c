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
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(READY): $(VENV)/.bootstrap requirements/lock.txt pyproject.toml
	@echo "setup: packages from requirements/lock.txt"
	@$(BIN)/uv pip install --quiet --python $(PY) --require-hashes -r requirements/lock.txt
	@$(BIN)/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@
