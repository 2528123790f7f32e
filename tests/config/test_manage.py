"""`manage.py` as typed by hand, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

import manage
from tests import folders
from tests.proc import marked

NEEDS_NO_SERVER = ["check", "help", "version", "--version"]
OWN_SECRET = "own " * 20


def typed(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return subprocess.run(
        [sys.executable, settings.BASE / "manage.py", *words],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=kept | {"LIFTWELL_DATA": str(data), "LIFTWELL_DEMO": "0", "SECRET_KEY": OWN_SECRET},
    )


@pytest.mark.parametrize("command", NEEDS_NO_SERVER)
def test_command_that_needs_no_server_starts_none(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manage.sys, "argv", ["manage.py", command])
    monkeypatch.setattr("config.embedded.for_command", lambda _: pytest.fail("started the servers"))
    manage.servers_for(command)


def test_question_starts_no_server(tmp_path: Path) -> None:
    asked = typed("migrate", "--help", data=tmp_path / "data")
    assert asked.returncode == 0
    assert not (tmp_path / "data").exists()


def test_command_brings_the_servers_along_and_leaves_none() -> None:
    with folders.open_to_all() as data:
        asked = typed("showmigrations", "sessions", data=data)
    assert asked.stdout.split() == ["sessions", "[", "]", "0001_initial"]
    assert asked.stderr == "Making the database\n"
    assert marked(str(data)) == set()


def test_directory_of_another_user_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    asked = typed("showmigrations", data=tmp_path / "file" / "data")
    assert asked.returncode == 1
    assert "LIFTWELL_DATA" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_pages_are_not_served_with_the_published_secret(tmp_path: Path) -> None:
    serve = [sys.executable, "-c", "import config.wsgi"]
    env = os.environ | {"LIFTWELL_DEMO": "0", "LIFTWELL_DATA": str(tmp_path)}
    env.pop("SECRET_KEY", None)
    refused = subprocess.run(serve, check=False, capture_output=True, text=True, cwd=settings.BASE, env=env)
    assert "SECRET_KEY is the one printed in the source" in refused.stderr
    served = subprocess.run(serve, check=False, cwd=settings.BASE, env=env | {"SECRET_KEY": OWN_SECRET})
    assert served.returncode == 0
