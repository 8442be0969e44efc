# What a newcomer types: make run, make test. Everything else serves these two.
# Stamp files under .venv/ make a second start a matter of seconds.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
FLASK  := $(BIN)/flask --app wsgi
PORT   ?= 8000
export PORT
export DECLARATION_URL ?= http://127.0.0.1:$(PORT)

.PHONY: help run serve test check fuzz env env-dev migration messages catalogues language lock clean

help:
	@echo 'make run        start the service on http://127.0.0.1:$(PORT) with the sample forum'
	@echo 'make test       everything, on SQLite and PostgreSQL, with browser tests'
	@echo 'make check      ruff, mypy --strict, layers'
	@echo 'make fuzz       100,000 mutants of real bundles and receipts, none of which may pass; goes on where the last night ended'
	@echo 'make messages   collect new words of the interface for translators; make catalogues compiles what they wrote'
	@echo 'make migration m="what changes"   write the revision for changed models'

# -- run ---------------------------------------------------------------------------------------------------------------------

run: env
	@$(FLASK) db upgrade
	@$(FLASK) forum load-sample --if-empty
	@printf '\nThe service is at %s\n\n' "$(DECLARATION_URL)"
	@$(FLASK) forum sign-in-links
	@$(FLASK) notices deliver --loop --with-parent & exec $(BIN)/gunicorn wsgi:app

# -- environment -------------------------------------------------------------------------------------------------------------

env: $(VENV)/.stamp-run
env-dev: $(VENV)/.stamp-dev

$(BIN)/python:
	@if command -v $(PYTHON) >/dev/null 2>&1; then $(PYTHON) -m venv $(VENV); else python3 -m venv $(VENV); fi
	@$@ -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'

$(VENV)/.stamp-run: requirements.txt | $(BIN)/python
	@echo 'Installing what the service needs ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt $(VENV)/.stamp-run
	@echo 'Installing what the tests need ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# -- tests and checks --------------------------------------------------------------------------------------------------------

# One worker more than cores: many tests wait for a browser or a database. The order is that of tests/conftest.py, the longest first.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test: env-dev check
	REQUIRE_POSTGRES=1 REQUIRE_BROWSER=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

check: env-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every night other mutants: the numbers go on from build/fuzz/state.json. A failing one is kept there, to be made again with --only.
COUNT ?= 100000
fuzz: env-dev
	@mkdir -p build/fuzz
	$(BIN)/python -m tests.fuzz --count $(COUNT) --state build/fuzz/state.json --keep build/fuzz

# -- for whoever changes things ----------------------------------------------------------------------------------------------

# The revision is written against a database of its own that is at the newest revision already.
migration: env
	@test -n "$(m)" || { echo 'say what changes: make migration m="drafts: paragraphs have a language"'; exit 2; }
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	export DECLARATION_INSTANCE=$$folder DECLARATION_KEYS=$$folder DATABASE_URL=sqlite:///revision.db; \
	$(FLASK) db upgrade; $(FLASK) db migrate --message "$(m)"

# Words of the interface. A language is offered as soon as it has a compiled catalogue: make language l=kk, translate
# declaration/translations/kk/LC_MESSAGES/messages.po, make catalogues.
BABEL    := $(BIN)/python -m babel.messages.frontend --quiet
WORDS    := declaration/translations
TEMPLATE := build/messages.pot

messages: env
	@mkdir -p build
	$(BABEL) extract --mapping-file babel.cfg --keywords _l --add-location file --sort-by-file --no-wrap --project declaration --output-file $(TEMPLATE) .
	$(BABEL) update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --input-file $(TEMPLATE) --output-dir $(WORDS)

catalogues: env
	$(BABEL) compile --directory $(WORDS)

language: messages
	@test -n "$(l)" || { echo 'say which language: make language l=kk'; exit 2; }
	$(BABEL) init --no-wrap --input-file $(TEMPLATE) --output-dir $(WORDS) --locale $(l)

# Pins and hashes. The index that served the files is not written down, so any mirror will do.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
