# Needs python3.11, pip and git, nothing else: uv comes from PyPI into .tools, everything else from uv.lock into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .tools/bin/uv
RUN := .venv/bin/
# demo: make demo ARGS="--members 5000 --port 9000 --reset"; test: make test ARGS="tests/config -x"
ARGS ?=

export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1
export UV_PROJECT_ENVIRONMENT := .venv
export PYTHONDONTWRITEBYTECODE :=
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

.PHONY: help demo test check format install
.DEFAULT_GOAL := help

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 10

demo: install ## Start Liftwell with a simulated retailer, and print where to find it
	@exec $(RUN)python manage.py demo $(ARGS)

test: install ## Run every test, on all cores
	OMP_NUM_THREADS=1 $(RUN)pytest -n auto --dist loadgroup $(ARGS)

check: install ## Format, lint, types, templates, import contracts, migrations
	$(RUN)ruff format --check .
	$(RUN)ruff check .
	$(RUN)mypy .
	$(RUN)djlint --quiet --lint --check templates
	$(RUN)lint-imports
	$(RUN)python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w0) HTTPS_ONLY=1 $(RUN)python manage.py check --deploy --fail-level WARNING

format: install ## Format the code and the templates
	$(RUN)ruff format .
	$(RUN)djlint --quiet --reformat templates

install: .venv/installed
.venv/installed: $(UV) uv.lock
	@echo "Installing Liftwell's packages"
	@$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@
$(UV):
	@echo "Installing uv"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv==0.13.9
