import numpy as np
import pytest

from tests import making
from tests.campaigns.conftest import data

__all__ = ["data"]


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    """The tests do the work themselves."""
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.fixture
def offer(db, mara, abel):
    return making.approved_terms(author=mara, approver=abel, channels=("app",)).offer
