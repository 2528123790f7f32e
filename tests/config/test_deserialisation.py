"""Nothing that arrives is unpickled: what a message holds is data and never a program."""

import pickle
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads

from config.celery import app

PICKLE = "application/x-python-serialize"


class Bomb:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.target,)


@pytest.fixture
def bomb(tmp_path: Path) -> Bomb:
    return Bomb(tmp_path / "went-off")


def test_worker_does_not_open_a_crafted_message(bomb: Bomb) -> None:
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps(bomb), PICKLE, "binary", accept=app.conf.accept_content)
    assert not bomb.target.exists()


def test_crafted_message_would_go_off_where_it_is_opened(bomb: Bomb) -> None:
    """The negative control."""
    pickle.loads(pickle.dumps(bomb))  # noqa: S301 - made two lines above
    assert bomb.target.exists()


def test_sessions_are_json() -> None:
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


def test_cache_does_not_open_what_somebody_else_put_there(bomb: Bomb) -> None:
    store = caches["default"]._cache.get_client()
    store.set(cache.make_key("crafted"), pickle.dumps(bomb))
    with pytest.raises(UnicodeDecodeError):
        cache.get("crafted")
    assert not bomb.target.exists()


@pytest.mark.parametrize("value", [7, 0.5, "words", [1, "reading"], None])
def test_cache_gives_back_what_was_put_there(value: Any) -> None:
    key = uuid.uuid4().hex  # the tests beside this one have the same cache
    cache.set(key, value, 60)
    assert cache.get(key, "nothing") == value
