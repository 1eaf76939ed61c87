# What a fresh machine needs: python3 (3.10 or later) with venv, and make. The rest is brought into .venv and the cache.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint format generate clean

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

demo: .venv/.run ## the main job on real Helm 3 and 4; with KUBECONFIG set, also in that cluster
	@$(BIN)/python -m tests.demo

# loadgroup: a test at a time, as a worker is free; `load` would leave all the slow ones of a cluster to one worker.
test: lint ## the linters and every test; needs the network only to bring what is not there yet
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

bench: .venv/.dev ## the budgets, measured side by side (BENCH=--quick: one round)
	@$(BIN)/python -m tests.bench.bench $(BENCH)

lint: .venv/.dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.dev ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: .venv/.dev ## write the files that are made from others: the gate, the chart's policy, docs/rules.md
	$(BIN)/python -m tools.generate

clean: ## remove .venv, caches and what was built; the Helms stay in the cache
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made anew when pyproject.toml changes, and reused else.
.venv/.run: pyproject.toml
	@echo "make: making .venv and installing heimdall-pr into it"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "make: needs Python 3.10 or later (PYTHON=… picks one)")'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.dev: .venv/.run
	@echo "make: installing the tools for tests"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
