"""A plugin: the tests' own PostgreSQL and Redis, addressed before Django reads its settings.

Loaded by `-p tests.embedded`, since a conftest comes too late for the settings. They live in `$LIFTWELL_DATA/test`,
so that tests never touch a running demo; `DATABASE_URL` and `CELERY_BROKER_URL` replace them.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from environs import Env

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
_servers = ExitStack()


def _choose_servers() -> Path | None:
    """Point the settings at the tests' directory; returns it when the servers in it are ours to start."""
    if "PYTEST_XDIST_WORKER" in os.environ:  # the controller has chosen
        return None
    env = Env()
    env.read_env(ROOT / ".env", recurse=False)
    data = env.path("LIFTWELL_DATA", ROOT / "var").absolute() / "test"
    os.environ |= {"LIFTWELL_DATA": str(data), "LIFTWELL_DEMO": os.environ.get("LIFTWELL_DEMO", "0")}
    if env("DATABASE_URL", "") and env("CELERY_BROKER_URL", ""):
        return None
    addresses = embedded.urls(data)
    os.environ.setdefault("DATABASE_URL", addresses.database_url)
    os.environ.setdefault("CELERY_BROKER_URL", addresses.broker_url)
    return data


_data = _choose_servers()


def pytest_configure(config: pytest.Config) -> None:
    if _data is not None and not config.option.collectonly:
        _servers.enter_context(embedded.start(_data, durable=False))


def pytest_unconfigure() -> None:
    _servers.close()
