# The commands of the project. `make help` lists them; each sets up what it needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
# The first of these that is a Python of at least 3.11 makes the environment; PYTHON=… chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PROFILE ?= recording
PYTEST_ARGS ?= -n auto

.PHONY: help
help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): requirements.lock
	@test -n "$(PYTHON)" || { echo "error: no Python of at least 3.11 was found; name one: make PYTHON=/path/to/python" >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes --requirement requirements.lock
	@touch $@

$(READY): $(INSTALLED) pyproject.toml
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: setup
setup: $(READY) ## Make the environment from the hash-checked lock.

.PHONY: conformance
conformance: $(READY) ## Test the embedded sandbox with the whole kit, and write reports/.
	$(BIN)/uapi conformance --sandbox --profile $(PROFILE)

.PHONY: test
test: $(READY) ## Run the tests.
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not thorough"

.PHONY: check
check: $(READY) ## Check contract, generated files, style and types, and prove the kit: mutants and variants.
	$(BIN)/uapi contract lint
	$(BIN)/uapi contract check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m thorough

.PHONY: node
node: scripts/node/node_modules/.package-lock.json tests/foreign/node_modules/.package-lock.json ## Install the Node packages that the lint and some tests use.

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --loglevel=error
	@touch $@

.PHONY: generate
generate: $(READY) ## Make generated/ from openapi/.
	$(BIN)/uapi contract generate

.PHONY: docs
docs: $(READY) ## Build the documentation in build/site; REPORT=reports publishes a conformance report with it.
	$(BIN)/uapi docs build $(if $(REPORT),--report $(REPORT))

.PHONY: sandbox
sandbox: $(READY) ## Run the sandbox on port 8080, with its control interface.
	$(BIN)/uapi sandbox --port 8080 --control

.PHONY: mutants
mutants: $(READY) ## Print which faulty server is found by which requirement.
	PYTHONPATH=tests $(BIN)/python -m mutants.matrix

.PHONY: bench
bench: $(READY) ## Measure the commands, and the time per server: median of five, peak memory.
	PYTHONPATH=tests $(BIN)/python -m benchmarks.commands
	PYTHONPATH=tests $(BIN)/python -m benchmarks.servers

.PHONY: lock
lock: ## Resolve requirements.lock anew from pyproject.toml (needs uv).
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
		--python-version 3.11 --all-extras --group dev --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## Remove what can be made again.
	rm -rf $(VENV) build dist reports .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		scripts/node/node_modules tests/foreign/node_modules
