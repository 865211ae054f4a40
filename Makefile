# Everything runs in .venv, which any target makes when it is missing. Stamps make a second run start at once.

SHELL := bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHON
# Packages are byte-compiled when they are first imported. Without that, every worker process would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint test-unit test-property test-ray test-gpu format clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# make setup      .venv with what a run needs
setup: .venv/.ready

.venv/.ready: pyproject.toml Makefile .ci/setup
	@.ci/setup run

.venv/.ready-dev: .venv/.ready
	@.ci/setup dev

# make demo       scenes, cold start, RL and a report, on this machine
demo: .venv/.ready
	@examples/demo/run.sh

# make test       everything that needs no GPU; stops at the first stage that fails
test: .venv/.ready-dev
	@.ci/stages lint unit ray

# make lint       style, types, import contracts
lint: .venv/.ready-dev
	@.ci/stages lint

# make test-unit  everything that starts no worker, on every core
test-unit: .venv/.ready-dev
	@.ci/stages unit

# make test-property  100,000 generated responses to every reward
test-property: .venv/.ready-dev
	@.ci/stages property

# make test-ray   real Ray, vLLM and FSDP on the CPU
test-ray: .venv/.ready-dev
	@.ci/stages ray

# make test-gpu   needs a GPU
test-gpu: .venv/.ready-dev
	@.ci/stages gpu

# make format     puts the code in the form `make test` asks for
format: .venv/.ready-dev
	@ruff check --fix . && ruff format .

# make clean      removes what can be made again; outputs/ stays
clean:
	@rm -rf .venv build dist .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
