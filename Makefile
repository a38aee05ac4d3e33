# Everything for a fresh clone: needs python3 (3.11 or later), make and git, and the package index.
# `make demo` and `make test` do their own set-up. PYTHON=python3.12 make setup takes another Python.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := $(wildcard kg extraction finetune reasoning abduce tests benchmarks samples)

SCRIPTS := $(wildcard samples/*.py benchmarks/*.py)
BENCHMARKS := $(filter-out benchmarks/setting.py, $(wildcard benchmarks/*.py))

.PHONY: help setup demo test check format neo4j neo4j-stop docker-env bench constraints

help: ## Show what there is to make.
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(READY) ## Make .venv with everything in it (the second time: nothing to do).

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  f"Abduce needs Python 3.11 or later and $(PYTHON) is {sys.version.split()[0]}: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pip uv
	# uv is many times faster than pip, but does not read pip's own settings (mirror, proxy).
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt \
	  --group dev --editable . || \
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	touch $@

demo: $(READY) ## From papers to hypotheses: extract the samples, ask, propose, check.
	$(BIN)/python samples/demo.py

test: $(READY) ## Run all tests; starts a real Neo4j for them.
	$(BIN)/python -m pytest

check: $(READY) ## Lint, check the format, check the types: what CI runs.
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/mypy $(SCRIPTS)

format: $(READY) ## Put the code into its format, and mend what can be mended.
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

neo4j: $(READY) ## Fetch and start a real Neo4j on loopback, without Docker or Java; print its address.
	$(BIN)/abduce neo4j start

neo4j-stop: ## Stop the Neo4j that `make neo4j` started.
	$(BIN)/abduce neo4j stop

docker-env: docker/.env ## Write docker/.env: a random password for docker/compose.yaml.

docker/.env:
	umask 077 && $(PYTHON) -c 'import secrets; print("ABDUCE_PASSWORD=" + secrets.token_hex(24))' > $@

bench: $(READY) ## Measure Abduce, and its peers in the same run.
	for script in $(BENCHMARKS); do $(BIN)/python "$$script"; done

constraints: $(READY) ## Write constraints.txt from what is installed.
	{ sed '/^[^#]/,$$d' constraints.txt; \
	  $(BIN)/uv pip freeze --python $(BIN)/python --exclude-editable | grep -E '^[a-z0-9.-]+=='; } \
	  > constraints.new
	mv constraints.new constraints.txt
