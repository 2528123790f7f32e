import pytest

from tests import making


@pytest.fixture
def now(monkeypatch):
    """It is the day on which most profiles here are built; `now(moment)` moves the clock."""

    def stand(moment):
        monkeypatch.setattr("loyalty.clock.now", lambda: moment)

    stand(making.NOON)
    return stand
