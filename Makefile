# Needs python3.11, pip and git, nothing else: uv comes from PyPI into .tools, all the rest from uv.lock into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .tools/bin/uv
BIN := .venv/bin/

export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1
export PIP_ROOT_USER_ACTION := ignore
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check format
.DEFAULT_GOAL := help

help: ## Say what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1	\2/p' Makefile | expand -t 14
	@echo 'Options go in ARGS: make demo ARGS="--members 5000 --port 9000 --reset", make test ARGS="tests/config -x"'

demo: .venv/installed ## Start Liftwell with a simulated retailer and say where it is
	@exec $(BIN)python manage.py demo $(ARGS)

test: .venv/installed ## Run every test, on all cores
	OMP_NUM_THREADS=1 $(BIN)pytest -n auto --dist loadgroup $(ARGS)

check: export SECRET_KEY := $(shell head -c 48 /dev/urandom | base64 -w 0)
check: .venv/installed ## Format, lint, types, templates, import contracts, migrations
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)mypy .
	$(BIN)djlint --quiet --lint templates
	$(BIN)lint-imports
	$(BIN)python manage.py makemigrations --check --dry-run

# Not the templates: the formatter breaks every component's short text over three lines and puts blanks where they show.
format: .venv/installed ## Format the code
	$(BIN)ruff format .

.venv/installed: uv.lock | $(UV)
	@echo "Installing Liftwell's packages into .venv"
	@# The second try is for machines whose way to PyPI leads past a certificate that only the system knows.
	@$(UV) sync --quiet --frozen --python $(PYTHON) 2> /dev/null || \
		$(UV) sync --quiet --frozen --python $(PYTHON) --system-certs
	@touch $@

$(UV):
	@echo "Installing uv into .tools"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv==0.13.9
