import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from config.demo import logins, opening, state
from config.demo.state import State

MEMBERS = 400
FIRST_DAY = dt.date(2024, 3, 2)
DEMO = {
    "DEMO": True,
    "CLOCK": "config.demo.clock.now",
    "ROOT_URLCONF": "tests.config.demo.urls",
    "EMAIL_BACKEND": "config.mailbox.MailboxBackend",
}


@pytest.fixture
def demo(settings, tmp_path: Path) -> Path:
    """The settings of a demo with a data directory of its own, which is returned."""
    for name, value in (DEMO | at(tmp_path)).items():
        setattr(settings, name, value)
    return tmp_path


@pytest.fixture
def known(demo: Path) -> State:
    """A world of which the data directory knows, lived until two years after its first day."""
    return state.write(
        State(seed=11, members=MEMBERS, first_day=FIRST_DAY, lived_until=dt.date(2026, 3, 2), is_made=True)
    )


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The story told to its end, in the database for a whole module; returns the data directory."""
    data = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), override_settings(**DEMO, **at(data)), without_workers():
        try:
            logins.make()
            opening.build(MEMBERS, lambda _: None)
            yield data
        finally:
            call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


@contextmanager
def without_workers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
        yield


def at(data: Path) -> dict[str, Path]:
    return {"DATA": data, "MAILBOX": data / "mailbox"}
