from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> StringIO:
    return StringIO()


def test_worker_that_does_not_answer_is_told_with_what_to_do(said: StringIO) -> None:
    with pytest.raises(CommandError, match="need your attention"):
        call_command("doctor", stdout=said)
    assert "start one with `celery --app config worker`" in said.getvalue()


def test_absent_broker_is_not_blamed_on_the_worker(said: StringIO, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/redis.sock"
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert "check CELERY_BROKER_URL" in said.getvalue()
    assert "start one" not in said.getvalue()


def test_directory_that_cannot_be_written_is_named(said: StringIO, settings: Settings) -> None:
    settings.DATA = settings.BASE / "manage.py" / "data"
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert "cannot be written" in said.getvalue()
    assert "check LIFTWELL_DATA" in said.getvalue()


def test_published_secret_is_a_problem_outside_the_demo(said: StringIO, settings: Settings) -> None:
    settings.DEMO, settings.SECRET_KEY = False, settings.DEFAULT_SECRET_KEY
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert "SECRET_KEY is the one printed in the source" in said.getvalue()
