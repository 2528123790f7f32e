import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.real_data import starbucks


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    settings.MAILBOX = settings.DATA / "mailbox"
    return settings.DATA


@pytest.fixture
def told() -> Callable[..., dict[str, Any]]:
    """Runs a command of manage.py and gives the object that it prints on its last line."""

    def run(*words: object) -> dict[str, Any]:
        out = io.StringIO()
        call_command(*map(str, words), "--json", stdout=out, stderr=io.StringIO())
        return json.loads(out.getvalue().splitlines()[-1])

    return run


@pytest.fixture
def coffee(shared_data, tmp_path, data, told, db) -> dict[str, dict[str, Any]]:
    """The coffee chain, loaded by the command: what became of each file."""
    folder: Path = tmp_path / "files"
    folder.mkdir()
    files = starbucks.write(shared_data, folder)
    return {kind: told("load", kind, path) for kind, path in files.items()}
