# Everything a newcomer, a developer or CI runs. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .boot/bin/uv
# A package that compiles its bytecode on install starts the same way everywhere.
export UV_COMPILE_BYTECODE := 1
export SAM_CLI_TELEMETRY := 0
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# ---- set-up -------------------------------------------------------------
.boot/ready: requirements/boot.txt
	@echo "set-up: package installer"
	@$(PYTHON) -m venv .boot
	@.boot/bin/python -m pip install --quiet --require-hashes -r requirements/boot.txt
	@touch $@

$(VENV)/ready: .boot/ready requirements/dev.txt .python-version
	@echo "set-up: Python $$(cat .python-version) and its packages"
	@test -x $(BIN)/python || $(UV) venv --quiet --seed $(VENV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: setup
setup: $(VENV)/ready ## Install everything the other commands need

.PHONY: lock
lock: .boot/ready ## Compile requirements/*.in to hashed pins
	@$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command 'make lock' requirements/boot.in -o requirements/boot.txt
	@$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.13 --custom-compile-command 'make lock' requirements/dev.in -o requirements/dev.txt
	@$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.13 --custom-compile-command 'make lock' -c requirements/dev.txt requirements/layer.in -o requirements/layer.txt

# ---- the system on this machine -----------------------------------------
export PYTHONPATH := $(CURDIR)/functions:$(CURDIR)/layers/common:$(CURDIR)

.PHONY: up
up: setup generate ## Bring the whole system up here (Ctrl-C ends it)
	@exec $(BIN)/python -m local.up

.PHONY: down
down: setup ## End what a crashed `make up` left running
	@$(BIN)/python -m local.down

.PHONY: reset
reset: down ## Forget all local data
	@rm -rf "$${STATE_DIR:-.local/state}" .local/stack.json

.PHONY: ops
ops: setup ## The operator's command line: make ops ARGS="stuck"
	@$(BIN)/python -m ops $(ARGS)

.PHONY: dashboard
dashboard: setup ## Draw the operator's dashboard of the local stack as a page (Ctrl-C ends it)
	@$(BIN)/python -m local.dashboard

# ---- on AWS ---------------------------------------------------------------
.PHONY: parameters
parameters: setup ## Print what a scale sets, for --parameter-overrides: SCALE=10
	@$(BIN)/python -m deploy.scales $(SCALE)

.PHONY: publish-page
publish-page: setup ## Build the page and put it at the edge: EDGE=modupoint-edge
	@$(BIN)/python -m deploy.page $(if $(EDGE),--stack-name $(EDGE))

# ---- checks --------------------------------------------------------------
.PHONY: generate
generate: setup ## Write openapi.yaml and the template's issuers from the code
	@$(BIN)/python -m local.generate

.PHONY: check
check: setup ## Lint, types, import direction, template, drift
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy functions layers local bench deploy ops rehearsal tests
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/cfn-lint template.yaml
	@$(BIN)/cfn-lint --regions us-east-1 -- edge.yaml
	@$(BIN)/sam validate --lint
	@$(BIN)/sam validate --lint --template edge.yaml --region us-east-1
	@$(BIN)/python -m local.generate --check
	@cd web && { test -d node_modules || npm ci; } && npm run --silent check

.PHONY: test
test: setup ## Run all tests: unit, store, template, the deployed stack, the browser
	@cd web && { test -d node_modules || npm ci; } && npm test --silent
	@$(BIN)/python -m pytest

SAGAS ?= 100000
.PHONY: simulate
simulate: setup ## Live transfers and orders through simulated faults: SAGAS=1000000 WHAT=orders SEED=...
	@$(BIN)/python -m tests.simulation --sagas $(SAGAS) $(if $(WHAT),--what $(WHAT)) $(if $(SEED),--seed $(SEED)) $(if $(WORLD),--world $(WORLD))

.PHONY: bench
bench: setup ## Measure start-up, CPU per call, sizes and cost; KEEP=1 adds a line to bench/history.jsonl
	@$(BIN)/python -m bench $(if $(KEEP),--keep)

SCALE ?= 1
.PHONY: opening-day
opening-day: setup ## Simulate the first day's rush: make opening-day SCALE=1|10|50
	@$(BIN)/python -m bench.opening_day --scale $(SCALE) $(if $(SEED),--seed $(SEED))

.PHONY: rehearsal
rehearsal: setup generate ## Trouble on a stack of its own, then an audit: PEOPLE=20 MINUTES=3 SEED=... WHAT=one-dead-issuer|full-scan
	@$(BIN)/python -m rehearsal $(if $(WHAT),--what $(WHAT)) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

.PHONY: model-check
model-check: setup ## Live a small day on a local stack and in the simulation, and compare
	@$(BIN)/python -m bench.model_check $(if $(SEED),--seed $(SEED))

.PHONY: format
format: setup ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet .
