# Needs python3.11, pip and git, nothing else: uv comes from PyPI into .tools, all the rest from uv.lock into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .tools/bin/uv
BIN := .venv/bin/

export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1
export PIP_ROOT_USER_ACTION := ignore
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: help demo test faults calibrate check format
.DEFAULT_GOAL := help

help: ## Say what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1	\2/p' Makefile | expand -t 14
	@echo 'Options go in ARGS: make demo ARGS="--members 5000 --port 9000 --reset", make test ARGS="tests/config -x"'

demo: .venv/installed ## Start Liftwell with a simulated retailer and say where it is
	@exec $(BIN)python manage.py demo $(ARGS)

test: .venv/equipped ## Run every test, on all cores
	OMP_NUM_THREADS=1 $(BIN)pytest -n auto --dist loadgroup $(ARGS)

faults: .venv/equipped ## Kill workers and empty the broker in the middle of runs, and write docs/reliability.md
	$(BIN)pytest tests/faults -o 'python_files=test_*.py full.py' $(ARGS)

calibrate: .venv/equipped ## Count false alarms of 200 campaigns that change nothing, and write docs/calibration.md
	$(BIN)pytest tests/calibration -o 'python_files=test_*.py full.py' $(ARGS)

check: export SECRET_KEY := $(shell head -c 48 /dev/urandom | base64 -w 0)
check: .venv/equipped ## Format, lint, types, templates, import contracts, migrations
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)mypy .
	$(BIN)djlint --quiet --lint templates
	$(BIN)lint-imports
	$(BIN)python manage.py makemigrations --check --dry-run

# Not the templates: the formatter breaks every component's short text over three lines and puts blanks where they show.
format: .venv/equipped ## Format the code
	$(BIN)ruff format .

# Python by its own path: uv would make .venv anew each time for one that a version manager stands in front of.
# The second try is for machines whose way to PyPI leads past a certificate that only the system knows.
SYNC = python=$$($(PYTHON) -c 'import sys; print(sys.executable)'); \
	$(UV) sync --quiet --frozen --python $$python $(1) 2> /dev/null || \
	$(UV) sync --quiet --frozen --python $$python $(1) --system-certs

# Not the tools of tests and checks, but where they are they stay: hence inexact.
.venv/installed: uv.lock | $(UV)
	@echo "Installing Liftwell's packages into .venv"
	@$(call SYNC,--no-dev --inexact)
	@touch $@

.venv/equipped: uv.lock | $(UV)
	@echo "Installing Liftwell's packages, and what tests and checks it, into .venv"
	@$(call SYNC)
	@touch .venv/installed $@

$(UV):
	@echo "Installing uv into .tools"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --target .tools uv==0.13.9
