SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV ?= .cache/uv/bin/uv
UV_PINNED := uv==0.13.9
BIN := .venv/bin
CODE := src tests scripts $(wildcard benchmarks/*.py)
MEASURED := $(filter-out figures,$(notdir $(basename $(wildcard benchmarks/*.py))))
LOCKED := uv.lock pyproject.toml
# Told once more with every company's facts in PostgreSQL.
STORIES := $(addprefix tests/,api app client console proposals)
# Of these, what `make test` tells on both: the pipeline, the worker, the API, the desk.
CORE := $(addprefix tests/,api/test_api.py app/test_worker.py console/test_desk_cases.py proposals/test_stories.py)

# A mirror that pip is told of (PIP_INDEX_URL, pip.conf) is uv's too, unless uv has its own.
# The lock names pypi.org, so it is exported with hashes and installed from whatever index there is.
define sync
	@index="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$$($(dir $(UV))pip config list 2>/dev/null | sed -nE "s/^.*\.index-url='(.*)'$$/\1/p" | head -1)}}"; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$(CURDIR)/.venv"; set -e -o pipefail; mkdir -p .cache; \
	[ -x $(BIN)/python ] || $(UV) venv --quiet --python "$$(command -v $(PYTHON))" .venv; \
	$(UV) export --quiet --locked --no-config --default-index https://pypi.org/simple \
	  --format requirements.txt --no-header --no-annotate $(1) > .cache/requirements.txt; \
	$(UV) pip sync --quiet .cache/requirements.txt
endef

# One step of `make test`: its name, how long it took, and a stop at the first that fails.
define step
	@printf '\n== %s\n' "$(1)"; TIMEFORMAT='   %1R s'; time $(2)
endef

help: ## Say what each target does.
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name words; do printf '  make %-6s %s\n' "$$name" "$$words"; done

setup: .venv/setup.stamp ## Set up everything to run Trustwright; leaves .venv/bin/trustwright.

demo: .venv/setup.stamp ## Set up, then do the main job on real AI output (ARGS="..." is passed on).
	@$(BIN)/trustwright demo $(ARGS)

test: .venv/dev.stamp browser ## Set up, then format, lint, types, import contracts and all tests.
	$(call step,format,$(BIN)/ruff format --check --quiet $(CODE))
	$(call step,lint,$(BIN)/ruff check --quiet $(CODE))
	$(call step,types,$(BIN)/mypy $(CODE))
	$(call step,imports,$(BIN)/lint-imports --no-logo)
	$(call step,audit,$(BIN)/python -m scripts.audit || [ $$? = 3 ])
	$(call step,tests,$(BIN)/pytest -n 2 --dist loadfile)
	$(call step,stories on PostgreSQL,$(BIN)/pytest -n 2 --dist loadfile --postgres -m "not soak and not browser" $(CORE))

bench: .venv/dev.stamp ## Measure, and print the figures with the machine they were measured on.
	@for one in $(MEASURED); do printf '\n== %s\n' "$$one"; $(BIN)/python -m "benchmarks.$$one" $(ARGS) || exit; done

soak: .venv/dev.stamp browser ## Run the long tests, which `make test` leaves out.
	@$(BIN)/pytest -n 2 --dist loadfile -m soak
	@$(BIN)/pytest -n 2 --dist loadfile --postgres -m "not soak and not browser" $(STORIES)

audit: .venv/dev.stamp ## Look up known vulnerabilities of what is locked; exit 3 where that can't be done.
	@$(BIN)/python -m scripts.audit

lint: .venv/dev.stamp ## Check format, lint, types and import contracts without running a test.
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports --no-logo

fmt: .venv/dev.stamp ## Put the code into the one format, and mend what can be mended without thought.
	@$(BIN)/ruff check --fix-only --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

docs: .venv/dev.stamp ## Write the generated parts of the documentation anew.
	@$(BIN)/python -m scripts.docs

# The tools for developers stay away from whoever only wants to run it; what is set up for them serves both.
.venv/setup.stamp: $(LOCKED) | $(filter .cache/%,$(UV))
	@echo "Setting up .venv (locked by uv.lock) ..." >&2
	$(call sync,--extra server --no-dev)
	@rm -f .venv/dev.stamp; touch $@

.venv/dev.stamp: $(LOCKED) | $(filter .cache/%,$(UV))
	@echo "Setting up .venv with the tools for developers (locked by uv.lock) ..." >&2
	$(call sync,--all-extras --group dev)
	@touch .venv/setup.stamp $@

.cache/uv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Trustwright needs Python 3.11 or later: make PYTHON=python3.11 ..." >&2; exit 1; }
	@mkdir -p .cache
	@$(PYTHON) -m venv .cache/uv >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv && $(PYTHON) -m venv .cache/uv; } >&2 \
	  || { echo "Python can't make a virtual environment: apt-get install python3-venv" >&2; exit 1; }
	@.cache/uv/bin/pip install -qq --disable-pip-version-check $(UV_PINNED)

# Without a browser its tests are skipped by name, each saying how to get one; nothing else depends on it.
browser:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Getting Debian's chromium for the browser tests ..." >&2; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium; } >/dev/null 2>&1 </dev/null \
	  || echo "Debian's chromium can't be had here: the browser tests will be skipped." >&2; fi

.PHONY: help setup demo test audit bench soak lint fmt docs browser
