# Everything here works on a machine that has only Python 3.11 to 3.13 and make.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
TESTS ?= tests
# Most of a test's time is waiting for another process, so more workers than processors pay.
WORKERS ?= 3
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo setup dev test check lint types layers golden reference contracts bench eval models lock wheel clean index

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Start Groundplan with a demo workspace; prints its address and what to paste into a client
	@$(VENV)/bin/groundplan run

demo: setup ## Play the whole story with a real MCP client against the real server
	@$(PY) -m demo.story

setup: $(VENV)/.runtime ## Make .venv with what Groundplan needs to run

dev: $(VENV)/.dev ## Add what its tests and checks need

test: dev ## Run the tests; the parts this machine has no means for are left out and named at the end
	@$(PY) -m pytest -q -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS) $(TESTS)

check: lint types layers ## Lint, format, types and layers

lint: dev
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .

types: dev
	@$(PY) -m pyright -p pyproject.toml --pythonpath $(PY)
	@$(PY) -m pyright -p tests/pyrightconfig.json --pythonpath $(PY)

layers: dev
	@$(VENV)/bin/lint-imports

golden: dev ## Write the golden files anew; review the difference as you would an API
	@GROUNDPLAN_WRITE_GOLDEN=1 $(PY) -m pytest tests/golden --update-golden

reference: dev ## Write the generated pages of knowledge/reference/ anew
	@$(PY) -m reference

contracts: dev ## Write the contracts of manifests anew: groundplan.ncl, and the JSON schema for editors
	@$(PY) -m reference.contracts

index: setup ## Index the shipped pages beforehand, so that searches in this checkout find them at once
	@$(PY) -m rag.prebuild

bench: dev ## Measure start-up, calls, plans, applies, memory, embedding and searches, in one table
	@$(PY) -m benchmarks

models: $(VENV)/.models ## Add sentence-transformers: for the tests with real models, and to make the shipped one

eval: dev ## Measure what searches find: make eval [CORPUS=… QUERIES=… UNANSWERABLE=… LATE=1]
	@$(PY) -m benchmarks.retrieval $(if $(CORPUS),--corpus $(CORPUS)) $(if $(QUERIES),--queries $(QUERIES)) \
	  $(if $(UNANSWERABLE),--unanswerable $(UNANSWERABLE)) $(if $(LATE),--late)

lock: ## Resolve the locked dependencies anew (needs uv)
	@UV_CUSTOM_COMPILE_COMMAND="make lock" sh .ci/lock.sh

wheel: dev ## Build the wheel into dist/
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean: ## Remove everything that make made
	@rm -rf $(VENV) .cache dist build .pytest_cache .ruff_cache .hypothesis htmlcov .coverage .coverage.*

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else \
	  "Groundplan needs Python 3.11 to 3.13, this is %d.%d: name another, make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)

# The lock is complete, so pip has nothing to resolve. It holds the build backend too, so that installing the checkout
# needs no isolated build environment.
$(VENV)/.runtime: requirements.lock pyproject.toml hatch_build.py | $(PY)
	@echo "Installing Groundplan into $(VENV) …"
	@$(PIP) install --require-hashes --no-deps -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what tests and checks need …"
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

$(VENV)/.models: models/requirements.txt $(VENV)/.dev
	@echo "Installing sentence-transformers …"
	@$(PIP) install -r models/requirements.txt
	@touch $@
