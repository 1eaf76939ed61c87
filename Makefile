# What a fresh machine needs: python3 (3.10 or later) with venv, and make. The rest is brought into .venv and the cache.
PYTHON ?= python3
BIN := .venv/bin
# loadgroup: a test at a time, as a worker is free; `load` would leave all the slow ones of a cluster to one worker.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadgroup
# Each makes files that nobody edits by hand, and takes --check.
GENERATORS := generate chart_readme check_table

.DEFAULT_GOAL := help
.PHONY: help demo test test-all fuzz corpus bench generate pictures dist image site lint format tools tools-all clean

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

demo: .venv/.run ## the main job on real Helm 3 and 4; with KUBECONFIG set, also in that cluster
	@$(BIN)/python -m tests.demo

test: lint tools ## what a contributor runs: the linters, and every test that needs no cluster, with the newest Helms
	$(PYTEST) -m "not cluster and not slow" $(ARGS)

test-all: lint tools-all ## everything: every pinned Helm, the fuzz at length, the bench once, a cluster if KUBECONFIG is set
	@echo "make: the bench, one round: that it works, not how fast"
	@$(BIN)/python -m tests.bench.bench --quick
	$(PYTEST) --all $(ARGS)

fuzz: tools ## new random examples (EXAMPLES=20000), and 16 times as many streams before Kubernetes' own reader
	$(PYTEST) tests/fuzz tests/reader --examples $(or $(EXAMPLES),20000)

corpus: .venv/.dev ## the streams in the folder that HEIMDALL_PR_CORPUS names leave as they came
	$(PYTEST) tests/corpus

bench: .venv/.dev ## the budgets, measured side by side (BENCH=--quick: one round)
	@$(BIN)/python -m tests.bench.bench $(BENCH)

generate: .venv/.dev tools ## write every generated file (CHECK=--check: compare them; ALL=1: also by rendering other charts)
	@for each in $(GENERATORS); do echo "make: tools.$$each"; $(BIN)/python -m tools.$$each $(CHECK) || exit 1; done

dist: .venv/.dev ## wheel, sdist, heimdall-pr.pyz, charts, SBOM and checksums, in dist/
	@$(BIN)/python -m tools.dist

image: .venv/.run ## the image localhost/heimdall-pr with dist/heimdall-pr.pyz, by buildah (IMAGE=…: its tag and options)
	@$(BIN)/python -m tools.image $(or $(IMAGE),localhost/heimdall-pr)

site: .venv/.dev ## the documentation as a site, in build/site, with every link checked
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build

pictures: .venv/.dev tools ## what README.md shows, from real installs into the cluster that KUBECONFIG names
	@$(BIN)/python -m tools.pictures

ifdef ALL
GENERATORS := chart_comparison $(GENERATORS)
endif

lint: .venv/.dev ## ruff, mypy and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/.dev ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

tools: .venv/.dev ## bring the programs that tests drive into the cache; what can't be had is named
	@$(BIN)/python -m tests.bring

tools-all: .venv/.dev
	@$(BIN)/python -m tests.bring --all

clean: ## remove .venv, caches and what was built; the programs stay in the cache
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What pip prints goes into a file: without a network that is a page, of which the last line says least.
define pip
$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '$(1)' >.venv/pip.log 2>&1 || \
	{ echo "make: pip could not install what heimdall-pr needs (is there a network?); .venv/pip.log has what it said" >&2; exit 1; }
endef

# The environment is made again when pyproject.toml changes, and reused otherwise.
.venv/.run: pyproject.toml
	@echo "make: making .venv and installing heimdall-pr into it"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "make: needs Python 3.10 or later (PYTHON=… picks one)")'
	@$(PYTHON) -m venv --clear .venv
	@$(call pip,.)
	@touch $@

.venv/.dev: .venv/.run
	@echo "make: installing the tools for tests"
	@$(call pip,.[dev])
	@touch $@
