# Each recipe is the command a person would type; DEBUG=1 is what makes a checkout a development copy.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export DEBUG := 1

.PHONY: help install demo test bench lint format fixtures openapi requirements stop reset clean

help:  ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

install: $(VENV)/installed  ## Create .venv and install the pinned, hash-checked requirements

$(VENV)/installed: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: install  ## Serve the registry with demo data (PORT=8000)
	@$(BIN)/python manage.py demo

test: install  ## Run the tests on every core, with coverage (ARGS=… for pytest)
	$(BIN)/python -m pytest -n auto --cov $(ARGS)

lint: install  ## Style, types, import rules, templates, migrations, OpenAPI documents
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py openapi --check

format: install  ## Rewrite sources and templates in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2

bench: install  ## Time the pages with few and with many customers (CUSTOMERS=1000000)
	@$(BIN)/python benchmarks/back_office.py --customers $(or $(CUSTOMERS),1000000)

fixtures: install  ## Write fixtures/demo.json anew from its cast
	$(BIN)/python fixtures/demo.py

openapi: install  ## Write the pinned OpenAPI documents anew
	$(BIN)/python manage.py openapi

requirements:  ## Compile the pinned requirements from pyproject.toml (needs uv)
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

stop:  ## Stop the private PostgreSQL
	@$(BIN)/python manage.py embedded_postgres stop

reset:  ## Delete the private PostgreSQL with all its data
	@$(BIN)/python manage.py embedded_postgres reset

clean:  ## Delete all that the other targets made
	@test ! -x $(BIN)/python || $(BIN)/python manage.py embedded_postgres reset
	rm -rf .venv .venv-* .postgres .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
