# Two commands: `make audit` and `make test`. Both set up .venv first.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: audit test check bench clean

audit: .venv/installed
	$(BIN)/mtaudit audit seeds --fail-on never

test: .venv/tested-with
	$(BIN)/ruff check mtaudit tests training notebooks
	$(BIN)/mypy
	$(BIN)/pytest

bench: .venv/installed
	$(BIN)/python -m tests.benchmark

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -c "from mtaudit.engines.lexicon import load_lexicon; load_lexicon()"
	touch $@

.venv/tested-with: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv
