# Two commands matter: `make run` and `make test`. Everything they need is made here, without root.
SHELL := /bin/bash
PYTHON ?= python3
# The suite in parallel processes, each with a broker of its own (one more than cores: tests of jails wait half of their time); in
# one where REDIS_URL gives the only one
PARALLEL ?= $(if $(REDIS_URL),,-n $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n < 3 ? n + 1 : 4))) --dist loadgroup --no-loadscope-reorder)
PORT ?= 8000
VENV := .venv
RUNTIME := .runtimes/tf-2.21
PEERS := .peers
PY := $(VENV)/bin/python
LINES := --include=*.html --include=*.css --include=*.js templates static/css static/figures static/js frontend/src
export UV_LINK_MODE ?= hardlink
export UV_NO_PROGRESS ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint rooms bench bench-pages bench-peers check-exercises lock frontend frontend-lint frontend-check clean site dev runtime peers

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: site runtime ## start everything (PORT=8000); Ctrl-C stops all of it
	@exec $(PY) manage.py serve --port $(PORT)

test: dev runtime ## the whole test suite
	@$(PY) -m pytest $(PARALLEL) --durations=20 $(ARGS)

coverage: dev runtime ## the suite once more, and which lines it did not run
	@$(PY) -m pytest $(PARALLEL) --cov --cov-report=term:skip-covered $(ARGS)

lint: dev ## ruff, import-linter, mypy; djangofmt for templates; Biome for CSS and JavaScript
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/lint-imports && $(VENV)/bin/mypy .
	@$(VENV)/bin/djangofmt --check templates && $(VENV)/bin/djangofmt check templates
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory frontend-lint; else echo "No npm on PATH: nobody looked at CSS and JavaScript." >&2; fi
	@! LC_ALL=C.UTF-8 grep -rnE '.{121}' $(LINES) || { echo "Lines end at column 120."; exit 1; }

rooms: dev ## the map in numbers: rooms, floors and arrows of each app
	@$(PY) -m tests.rooms

bench: dev runtime ## performance numbers as JSON
	@$(PY) -m bench $(ARGS)

bench-pages: dev runtime ## what the pages cost against an empty view, open streams, and a click on Run, as JSON
	@$(PY) -m bench.pages $(ARGS)

bench-peers: dev runtime peers ## nbgrader and Otter on the same assignments, as ratios (installs them into .peers/)
	@$(PY) -m bench.peers --peers $(PEERS) $(ARGS)

check-exercises: dev runtime ## every exercise against its reference, starter and mutants; writes what was measured
	@$(PY) manage.py check_exercises --write $(ARGS)

# --- environments: made once, synced when a lock file changes ---
$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Learnpaths needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making $(VENV) …"; $(PYTHON) -m venv $(VENV) || { echo "Could not make $(VENV): is the folder writable, and python3-venv installed?"; exit 1; }
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check "uv~=0.13.0"

# dev contains the site's lock whole, so `make run` never removes what `make test` installed.
$(VENV)/.site: requirements/site.txt | $(VENV)/bin/uv
	@VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip sync --quiet --require-hashes requirements/$$([ -e $(VENV)/.dev ] && echo dev || echo site).txt requirements/uv.txt
	@touch $@
$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/uv
	@VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip sync --quiet --require-hashes requirements/dev.txt requirements/uv.txt
	@touch $@
$(RUNTIME)/.synced: requirements/runtime.txt | $(VENV)/bin/uv
	@echo "Making the TensorFlow runtime $(RUNTIME) …"; [ -x $(RUNTIME)/bin/python ] || $(PYTHON) -m venv --without-pip $(RUNTIME)
	@VIRTUAL_ENV=$(RUNTIME) $(VENV)/bin/uv pip sync --quiet --require-hashes requirements/runtime.txt
	@$(RUNTIME)/bin/python -m compileall -q -j 0 $(RUNTIME)/lib >/dev/null 2>&1 || true
	@touch $@

$(PEERS)/.synced: requirements/peers.txt | $(VENV)/bin/uv
	@echo "Making the other graders' environment $(PEERS) …"; [ -x $(PEERS)/bin/python ] || $(PYTHON) -m venv --without-pip $(PEERS)
	@VIRTUAL_ENV=$(PEERS) $(VENV)/bin/uv pip sync --quiet --require-hashes requirements/peers.txt
	@$(PEERS)/bin/python -m compileall -q -j 0 $(PEERS)/lib >/dev/null 2>&1 || true
	@touch $@

site: $(VENV)/.site
dev: $(VENV)/.dev
runtime: $(RUNTIME)/.synced
peers: $(PEERS)/.synced

COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: | $(VENV)/bin/uv ## resolve requirements/*.txt anew from pyproject.toml
	@$(COMPILE) pyproject.toml -o requirements/site.txt
	@$(COMPILE) pyproject.toml --group dev -c requirements/site.txt -o requirements/dev.txt
	@$(COMPILE) --group runtime -o requirements/runtime.txt
	@$(COMPILE) --group runtime-gpu -c requirements/runtime.txt -o requirements/runtime-gpu.txt
	@$(COMPILE) --group peers -o requirements/peers.txt
	@echo "uv~=0.13.0" | $(COMPILE) - -o requirements/uv.txt

# --- the editor and the charts: built once by whoever changes frontend/, and committed; nobody else needs Node ---
frontend/node_modules: frontend/package-lock.json
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules
frontend: frontend/node_modules ## build static/vendor/ from frontend/ (needs npm)
	@cd frontend && npm run --silent build
frontend-lint: frontend/node_modules ## Biome over our CSS and JavaScript (make lint calls it where there is npm)
	@cd frontend && npm run --silent lint
frontend-check: frontend/node_modules ## is static/vendor/ what frontend/ gives?
	@cd frontend && npm run --silent check

clean: ## remove the environments and caches (not your data in var/)
	rm -rf $(VENV) .runtimes $(PEERS) frontend/node_modules .mypy_cache .ruff_cache .pytest_cache
