# Everything a developer does, each by one word. Only Python, pip, venv and make must be there.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
FLOORS := bot handlers export storage surveys
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help try test lint fix golden failpoints storm conformance bench mutations lock

help:  ## Say what there is.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

try: .venv/runtime  ## Try everything here: a simulated Telegram, the bot, a page (ARGS="--no-browser --port 8931").
	@$(BIN)/python -m bot.cli try $(ARGS)

test: .venv/dev  ## Run all tests, three at a time: many wait (ARGS="tests/surveys -k date").
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal $(ARGS)

lint: .venv/dev  ## Check style, types and the direction of imports.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/dev  ## Mend what can be mended by itself.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: .venv/dev  ## Write the transcripts and golden files anew; the diff is the review.
	SAMLENG_GOLDEN=1 $(BIN)/python -m pytest tests/test_transcripts.py $(ARGS)

failpoints: .venv/dev  ## Crash the bot at every commit and every call of a whole conversation.
	SAMLENG_FAILPOINTS=1 $(BIN)/python -m pytest tests/bot/test_failpoints.py $(ARGS)

storm: .venv/dev  ## Kill the bot at random moments while people answer (KILLS=100 SEED=1 DATABASE=postgres).
	$(BIN)/python -m tests.storm --kills $(or $(KILLS),20) --seed $(or $(SEED),1) --database $(or $(DATABASE),sqlite) $(ARGS)

conformance: .venv/dev  ## Compare with what two reference engines say (FACTS=DIR ARGS="--show 20").
	@$(BIN)/python -m tests.conformance $(FACTS) $(ARGS)

bench: .venv/dev  ## Measure one answer in the engine, the store alone, what an answer takes on the disk, the whole way of an update, sending, a broadcast to a million, planning a million reminders, reminders amid kills, a wave for a million.
	@$(BIN)/python -m tests.benchmarks.engine
	@$(BIN)/python -m tests.benchmarks.store
	@$(BIN)/python -m tests.benchmarks.size
	@$(BIN)/python -m tests.benchmarks.replicas
	@$(BIN)/python -m tests.benchmarks.edge
	@$(BIN)/python -m tests.benchmarks.sender
	@$(BIN)/python -m tests.benchmarks.broadcast
	@$(BIN)/python -m tests.benchmarks.reminders
	@$(BIN)/python -m tests.benchmarks.kills
	@$(BIN)/python -m tests.benchmarks.waves

mutations: .venv/dev  ## Compile and run 10,000 forms and expressions, and 200 workbooks, that were broken at random; label 10,000 odd texts.
	@SAMLENG_MUTATIONS=10000 $(BIN)/python -m pytest tests/surveys/test_hostile.py tests/surveys/test_language.py tests/bot/test_conversion.py --timeout 3600 $(ARGS)

lock:  ## Pin the newest versions that pyproject.toml allows (needs uv).
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(COMPILE) --upgrade pyproject.toml --group dev -o requirements-dev.lock

.venv/python:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/python requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev: .venv/python requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ .venv/runtime
