# Each recipe is the command a person would type; DEBUG=1 is what makes a checkout a development copy.
PYTHON ?= python3
VENV ?= .venv
FAULTS ?= short
BIN := $(VENV)/bin
export DEBUG := 1

# The locks are complete: pip resolves nothing, builds nothing and takes only what they name.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check \
	--no-deps --only-binary=:all: --require-hashes
SUPPORTED := import sys; \
	sys.exit(0 if sys.version_info >= (3, 11) else "This needs Python 3.11 or newer, and $(PYTHON) is " \
	+ sys.version.split()[0] + ". Name a newer one, for example: make PYTHON=python3.13 ...")
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-header --no-annotate

# An environment whose Python does not work or is too old is created again. It keeps a copy of each
# lock that was installed into it.
define install
	@$(PYTHON) -c '$(SUPPORTED)'
	@$(BIN)/python -c '$(SUPPORTED)' 2>/dev/null || { \
		echo "Creating $(VENV) ..."; $(PYTHON) -m venv --clear $(VENV); }
	@cmp -s $1 $(VENV)/$1 || { \
		echo "Installing what $1 pins ..."; \
		$(PIP_INSTALL) -r $1 && $(BIN)/python -m pip check --disable-pip-version-check && \
		cp $1 $(VENV); } || { echo "Not everything was installed. If a download failed, run the" \
		"same command again: what has arrived is kept." >&2; exit 1; }
endef

.PHONY: help install install-dev demo cluster test test-all test-faults lint format bench bench-pages bench-insert bench-webhooks fixtures openapi \
	docs screenshots requirements stop reset clean

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

install:  ## Create .venv with what running needs, pinned and hash-checked
	$(call install,requirements-demo.txt)

install-dev:  ## Create .venv with what the tests and the checks need too
	$(call install,requirements-dev.txt)

demo: install  ## Serve the registry with demo data (PORT=8000, HOST=127.0.0.1)
	@$(BIN)/python manage.py demo

cluster: install  ## Serve it as past one machine: three databases, two web nodes (needs etcd, HAProxy)
	@$(BIN)/python -m deploy.cluster

test: install-dev  ## Run the tests but the slow ones on every core (ARGS=... for pytest)
	$(BIN)/python -m pytest -n auto -m "not slow and not faults" $(ARGS)

test-all: install-dev  ## Run all tests, with coverage
	$(BIN)/python -m pytest -n auto --cov -m "not faults" $(ARGS)

test-faults: install-dev  ## Break servers while they are written to (FAULTS=short or full)
	FAULTS=$(FAULTS) $(BIN)/python -m pytest -n 0 -p no:randomly tests/faults $(ARGS)

lint: install-dev  ## Check style, types, import rules, templates, migrations, OpenAPI documents
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py lintmigrations --settings tests.lint_settings --quiet ignore
	$(BIN)/python manage.py openapi --check
	$(BIN)/python -m tests.lint_openapi

format: install-dev  ## Rewrite sources and templates in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2

bench: install-dev  ## Time the APIs beside plain DRF and PostgreSQL itself (SIZE=1000000; needs wrk)
	@$(BIN)/python -m benchmarks --size $(or $(SIZE),1000000) $(ARGS)

bench-pages: install-dev  ## Time the pages with few and with many customers (SIZE=1000000)
	@$(BIN)/python -m benchmarks.back_office --customers $(or $(SIZE),1000000)

bench-insert: install-dev  ## Time what each trigger, index and check costs an insert
	@$(BIN)/python -m benchmarks.insert_parts --size $(or $(SIZE),100000)

bench-webhooks: install-dev  ## Time the deliveries of webhooks to a receiver on this machine (SIZE=5000)
	@$(BIN)/python -m benchmarks.webhooks --size $(or $(SIZE),5000)

fixtures: install-dev  ## Generate fixtures/demo.json
	$(BIN)/python fixtures/demo.py

openapi: install-dev  ## Generate the pinned OpenAPI documents
	$(BIN)/python manage.py openapi

docs: install  ## Build the documentation into site/html; a dead link fails
	@$(BIN)/python -m sphinx -M html docs site --fail-on-warning --keep-going --quiet
	@echo "The documentation is in site/html/index.html."

screenshots: install-dev  ## Take the documentation's screenshots of a demo (needs Chromium)
	DJANGO_SETTINGS_MODULE=billing.settings $(BIN)/python -m tests.docs.screenshots

requirements:  ## Compile the locks from pyproject.toml (needs uv)
	$(LOCK) pyproject.toml --upgrade -o requirements.txt
	$(LOCK) pyproject.toml --extra demo -c requirements.txt -o requirements-demo.txt
	$(LOCK) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) --group pyproject.toml:cluster -c requirements.txt -o requirements-cluster.txt

stop:  ## Stop the private PostgreSQL
	@$(BIN)/python manage.py embedded_postgres stop

reset:  ## Delete the private PostgreSQL with all its data
	@$(BIN)/python manage.py embedded_postgres reset

clean:  ## Delete everything that the other targets made
	@test ! -x $(BIN)/python || $(BIN)/python manage.py embedded_postgres reset --all
	rm -rf .venv .venv-* .cluster .postgres .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache site static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
