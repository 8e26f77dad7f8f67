# Two commands: `make audit` and `make test`. Both set up .venv first.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: audit test check bench bench-languagetool model clean

audit: .venv/installed
	$(BIN)/mtaudit audit seeds --fail-on never

test: .venv/tested-with .venv/languagetool
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
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

# Makes the embedded model again and puts it into the package: training/README.md. SIZE is a file of training/config.
SIZE ?= base
WORK ?= ../model

model: .venv/trains-with
	$(BIN)/python -m training.pipeline $(SIZE) --work $(WORK)

.venv/trains-with: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[training]'
	touch $@

bench-languagetool: .venv/languagetool
	$(BIN)/python -m tests.benchmark_languagetool
	$(BIN)/python -m tests.benchmark_languagetool --kills 10

# What the tests marked `languagetool` run: from Maven Central, in the versions and with the hashes that are locked.
.venv/languagetool: mtaudit/engines/languagetool/maven.tsv .venv/installed
	$(BIN)/python -c "from pathlib import Path; from mtaudit.engines.languagetool.maven import install; install(Path('$@'))"
	touch $@

clean:
	rm -rf .venv
