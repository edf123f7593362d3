# The few commands of the project, for people and for CI. `make` alone lists them.
#
# Everything is installed into .venv from the hashed lock files, with pip as it is set up on this
# machine; a stamp beside it tells when that has to be done again. The lock files name all that is
# needed, so pip looks for no dependencies: older ones trip over a newer release of `name[extra]`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
	--no-header --quiet $(UV_FLAGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run test check rights screenshots bench lock clean

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Try it without any account, on a page in the browser
	@exec $(BIN)/callboard demo

run: $(VENV)/.installed ## Start the bot, with the settings in .env
	@exec $(BIN)/callboard run

test: check ## Check everything and run all tests with coverage
	@echo "== tests, with coverage"
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

check: $(VENV)/.installed-dev ## Check form, types, imports and the Dockerfile
	@echo "== ruff"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== imports"
	@$(BIN)/lint-imports --no-logo
	@echo "== hadolint"
	@$(BIN)/hadolint Dockerfile

rights: $(VENV)/.installed ## Write the table of rights in docs/security.md anew
	@$(BIN)/python -m bot.handlers.matrix docs/security.md

screenshots: $(VENV)/.installed-dev ## Take the pictures in docs/pictures anew, in Chromium
	@$(BIN)/python -m tests.browser.screenshots

bench: $(VENV)/.installed-dev ## Measure speed and size; takes a quarter of an hour
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/page.py
	@$(BIN)/python benchmarks/tracking.py
	@$(BIN)/python benchmarks/lists.py
	@$(BIN)/python benchmarks/number_files.py
	@$(BIN)/python benchmarks/quick.py
	@$(BIN)/python benchmarks/redacting.py

lock: $(VENV)/.installed-dev ## Write the lock files anew (UV_FLAGS=--upgrade for newer versions)
	@echo "== requirements.lock"
	@$(LOCK) --group build --output-file requirements.lock
	@echo "== requirements-dev.lock"
	@$(LOCK) --group dev --output-file requirements-dev.lock

clean: ## Remove what was installed, built and cached; .env and the database stay
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find bot storage sandbox tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@echo "== making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Callboard needs Python 3.11 or newer, as in: make PYTHON=python3.11 run" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { \
		rm -f $@; echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "== installing Callboard"
	@$(PIP) install --require-hashes --no-deps --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "== installing Callboard and what its tests need"
	@$(PIP) install --require-hashes --no-deps --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
