import time

import pytest
from django.test import Client
from pytest_django import Settings

from config import health


def test_live_needs_neither_log_in_nor_database() -> None:
    assert Client().get("/livez").status_code == 200


@pytest.mark.django_db
def test_ready_when_database_and_broker_answer() -> None:
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "broker": True})


@pytest.mark.django_db
def test_not_ready_without_broker(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/redis.sock"
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "broker": False})


def test_absent_broker_is_noticed_within_a_second(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/redis.sock"
    began = time.monotonic()
    health.broker_answers()
    assert time.monotonic() - began < 1


@pytest.mark.django_db
def test_not_ready_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "connection", Unreachable())
    assert Client().get("/readyz").status_code == 503


class Unreachable:
    def cursor(self) -> None:
        raise health.DatabaseError("connection refused")
