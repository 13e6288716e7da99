# Needs only Python 3.11 or later, git and make. Everything is installed into .venv.

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
# Where Python is told not to keep what it compiles, every process reads 2,000 files anew: 2 s of 4 in each test of a command.
unexport PYTHONDONTWRITEBYTECODE
# Compiling all of a package beforehand takes as long as all the rest; Python compiles what is imported.
PIP := $(PYTHON) -m pip install --quiet --no-compile --disable-pip-version-check

# Stamps: one a set of packages, renewed when pyproject.toml changes.
CORE := $(VENV)/.core
VIEW := $(VENV)/.view
TEST := $(VENV)/.test
DEV := $(VENV)/.dev
DOCS := $(VENV)/.docs

.PHONY: help smoke demo view docs docs-serve test nightly baseline lint types walls check cases bench bench-country bench-view bench-studies bench-cluster bench-classics findings picture picture-view classics clean

help:
	@echo "make smoke    does it work here? known answers in about a minute"
	@echo "make demo     run Belarus 2020 and write results/belarus-2020/report.html"
	@echo "make view     open the browser page"
	@echo "make docs     build the site into build/site; docs-serve: show it"
	@echo "make test     run all tests, 12 minutes on two idle cores (ARGS='-k rng' to choose)"
	@echo "make check    all that continuous integration does: test, lint, types, walls; 13 minutes on two idle cores"
	@echo "make nightly  the tests that take minutes to hours"
	@echo "make cases    make the cases of scenarios/ from their cards anew"
	@echo "make baseline write tests/baseline anew, when numbers were meant to change"
	@echo "make bench    measure speed and memory against the baseline (ARGS=--quick); bench-country: whole countries;"
	@echo "              bench-view: the page; bench-studies, bench-cluster: many runs;"
	@echo "              bench-classics: Epstein's model against Mesa's own example of it"
	@echo "make findings run what the tables of findings in docs/ report, and write it there; about an hour"
	@echo "make picture  draw the picture of the README anew; picture-view: that of the page, with a real browser"
	@echo "make classics draw the pictures of docs/classics.md anew"
	@echo "make clean    remove what was built, keep results"

# A name may exist and not run (a version manager's shim), so each candidate is asked for its version.
$(PYTHON):
	@for candidate in python3.13 python3.12 python3.11 python3; do \
	    if $$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then \
	        echo "creating $(VENV) with $$candidate"; \
	        exec $$candidate -m venv $(VENV); \
	    fi; \
	done; \
	echo "Python 3.11, 3.12 or 3.13 is needed and was not found" >&2; exit 1

$(CORE): $(PYTHON) pyproject.toml
	@echo "installing protestorate into $(VENV)"
	@$(PIP) -e .
	@touch $@

$(VIEW): $(CORE) pyproject.toml
	@echo "installing what the browser page needs"
	@$(PIP) -e '.[view]'
	@touch $@

$(TEST): $(PYTHON) pyproject.toml
	@echo "installing protestorate and what the tests need into $(VENV)"
	@$(PIP) -e '.[test]'
	@touch $(CORE) $(DOCS) $@

$(DEV): $(PYTHON) pyproject.toml
	@echo "installing protestorate and what tests and checks need into $(VENV)"
	@$(PIP) -e '.[test,dev]'
	@touch $(CORE) $(DOCS) $(TEST) $@

$(DOCS): $(CORE) pyproject.toml
	@echo "installing what the site needs"
	@$(PIP) -e '.[docs]'
	@touch $@

smoke: $(CORE)
	@$(PYTHON) -m tests.smoke

demo: $(CORE)
	@$(BIN)/protestorate run belarus-2020 --out results/belarus-2020 --force

view: $(VIEW)
	@$(BIN)/protestorate view belarus-2020

# Warnings are errors; notebooks are run; a page that would load anything from elsewhere is refused (docs/hooks.py).
docs: $(DOCS)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "the site: build/site/index.html"

docs-serve: $(DOCS)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve --strict

# The step loop is compiled once, before the tests' processes would all do it at the same time. Files go in the order that
# tests/conftest.py gives them, the slowest first, so that no core idles at the end.
test: $(TEST)
	@$(PYTHON) -c "import sim; sim.simulate('belarus-2020', days=1, persons_per_agent=20000)"
	@$(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

# Commands are started in new interpreters here; in make test they are forked from a process that has loaded all of the program.
nightly: $(TEST)
	@.ci/lowest
	@.ci/newest
	@$(PYTHON) -m pytest --fresh $$(grep -lE 'def test.*[( ]protestorate[,:)]|quick: Call' tests/test_*.py)
	@$(PYTHON) -m pytest -m nightly --timeout=0 $(ARGS)

cases: $(CORE)
	@for card in $(filter-out %/belarus-2020.card.yaml,$(wildcard scenarios/cards/*.card.yaml)); do \
	    case=$$(basename $$card .card.yaml); \
	    $(BIN)/protestorate new $$case --from $$card --out scenarios/$$case.yaml --force || exit; \
	done

baseline: $(TEST)
	@$(PYTHON) -m tests.baseline_runs

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV)
	@$(BIN)/mypy

walls: $(DEV)
	@$(BIN)/lint-imports

check:
	@.ci/run

bench: $(TEST)
	@$(PYTHON) -m benchmarks $(ARGS)

bench-country: $(CORE)
	@$(PYTHON) -m benchmarks --country $(ARGS)

bench-view: $(TEST)
	@$(PYTHON) -m benchmarks.view

bench-studies: $(TEST)
	@$(PYTHON) -m benchmarks.studies

bench-classics: $(CORE)
	@$(PYTHON) -m benchmarks.classics

bench-cluster: $(TEST)
	@$(PYTHON) -m benchmarks.cluster

# A pattern that does not hold is a finding, and a case with failed runs says so in its document: exit code 1 goes on.
findings: $(CORE)
	$(BIN)/protestorate findings calibration belarus-2020 --replicates standard-100 --write docs/calibration.md
	$(BIN)/protestorate patterns --write docs/patterns.md || [ $$? -eq 1 ]
	$(BIN)/protestorate findings mechanisms --write docs/mechanisms.md
	$(BIN)/protestorate findings variants --write docs/variants.md
	$(BIN)/protestorate findings scale --write docs/scale.md
	$(BIN)/protestorate findings cases --write docs/cases.md
	$(BIN)/protestorate claims --write docs/claims.md || [ $$? -eq 1 ]

picture: $(CORE)
	@$(PYTHON) -c "import pathlib, sim; from analysis.report.figures.files import save; \
	    save(sim.simulate('belarus-2020').plot(), 'belarus-2020', pathlib.Path('docs'), ('png',))"

picture-view: $(TEST) $(VIEW)
	@$(PYTHON) -m benchmarks.page_picture

classics: $(CORE)
	@$(PYTHON) -m analysis.findings.threshold_models
	@$(PYTHON) -m analysis.findings.classics_figures

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find sim analysis tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
