# Needs Python 3.11 or later and pip. Everything else goes into .venv, which `make clean` keeps.

PYTHON ?= python3
DATA ?= ../shared/data
ARTICLES ?= 10000

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
SOURCES := src tests bench docs

.DEFAULT_GOAL := help
.PHONY: help install format lint type test property golden e2e bench bench-align bench-check bench-gate bench-scale bench-skew bench-spark eval samples docs check run clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY) ## Make .venv with the package and all that its tests need

# The stamp is newer than what it was made from once all is installed: the second time costs nothing.
$(READY): pyproject.toml $(wildcard src/dedupe_news/core/_kernel*.[ch])
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "error: $(PYTHON) is missing or older than Python 3.11" >&2; \
	  echo "hint:  name a newer one: make install PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "error: $(PYTHON) cannot make virtual environments: its venv module is missing" >&2; \
	  echo "hint:  apt-get install python3-venv" >&2; exit 1; }
	@$(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(PY) -m pip install --quiet --editable . --group dev
	@touch $@

format: $(READY) ## Rewrite the code in the one layout
	$(PY) -m ruff format $(SOURCES)
	$(PY) -m ruff check --fix $(SOURCES)

lint: $(READY) ## Check layout and style, change nothing
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -m ruff check $(SOURCES)

type: $(READY) ## Check types, strictly
	$(PY) -m mypy

test: $(READY) ## Run all tests with branch coverage
	$(PY) -m pytest --cov --cov-report=term-missing:skip-covered

property: $(READY) ## Run the property tests with ten times as many examples
	HYPOTHESIS_PROFILE=thorough $(PY) -m pytest tests/property

golden: $(READY) ## Rewrite the expected reports of the tests; read the diff
	$(PY) tests/golden/test_golden.py
	PYTHONPATH=tests $(PY) tests/unit/render/test_terminal.py
	git diff --stat -- tests/golden tests/unit/render/golden

e2e: $(READY) ## Run the tests of the installed command
	$(PY) -m pytest tests/e2e

bench: $(READY) ## Measure speed beside other tools, on ARTICLES=10000 invented ones and those in DATA
	$(PY) bench/speed.py $(if $(wildcard $(DATA)),--data $(DATA)) --articles $(ARTICLES)

bench-align: $(READY) ## Measure how long it takes to read a variant against its base
	$(PY) bench/alignment.py $(if $(wildcard $(DATA)),--data $(DATA))

bench-check: $(READY) ## Fail when a scan has become slower than the committed figure
	$(PY) bench/check.py

bench-scale: $(READY) ## Measure how time and memory grow, up to a million articles (3 GB, half an hour)
	$(PY) bench/scale.py

bench-gate: $(READY) ## Measure an index, and checks of a few changed files, on 100,000 articles
	$(PY) bench/gate.py

bench-skew: $(READY) ## Measure corpora that are all alike somewhere
	$(PY) bench/skew.py

bench-spark: $(READY) ## Measure Spark in local[2] beside the local engine (3 GB, an hour)
	$(PY) bench/spark.py $(if $(wildcard $(DATA)),--data $(DATA))

eval: $(READY) ## Measure accuracy on the labelled articles in DATA
	$(PY) bench/accuracy.py --data $(DATA)

samples: $(READY) ## Show the sample articles cluster by cluster, one line a member
	$(VENV)/bin/dedupe-news scan samples/ --format brief

docs: $(READY) ## Redraw the pictures and test that the documentation tells the truth
	$(PY) docs/make_pictures.py
	$(PY) docs/make_figures.py
	$(PY) docs/make_screenshots.py
	$(PY) docs/make_man.py
	$(PY) docs/make_reference.py
	$(PY) -m pytest tests/test_docs.py tests/test_guide.py

check: lint type test ## All that must be green before a change is shared

run: $(READY) ## Scan the sample articles
	$(VENV)/bin/dedupe-news scan samples/

clean: ## Remove what tools left behind, except .venv
	rm -rf .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find src tests bench docs -name __pycache__ -prune -exec rm -rf {} +
