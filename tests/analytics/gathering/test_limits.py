import datetime as dt

import numpy as np
import pytest

from analytics.gathering.limits import LEAST_BUYERS, limits
from tests import making

pytestmark = pytest.mark.django_db

FORTNIGHT = dt.timedelta(days=14)


def audience(spend: np.ndarray) -> dict[str, np.ndarray]:
    return {"spend": spend, "margin": 0.3 * spend, "baskets": np.sign(spend), "purchasers": np.sign(spend)}


def everybody_buys(monkeypatch, *spends: float) -> None:
    monkeypatch.setitem(limits.__globals__, "LEAST_BUYERS", 3)
    for spend in spends:
        making.purchase(making.member(), at=making.NOON - making.DAY, net=str(spend), margin=str(0.3 * spend))


def found(spend: np.ndarray) -> dict[str, float]:
    return limits(audience(spend), making.NOON, length=FORTNIGHT)


def test_the_best_customers_have_sizes_of_their_own(monkeypatch):
    """Members who bought nothing do not count."""
    everybody_buys(monkeypatch, 10, 10, 10)
    told = found(np.concatenate([np.linspace(1, 100, 1_000), np.zeros(50_000)]))
    assert told["spend"] == pytest.approx(99.9, abs=0.1)
    assert told["margin"] == pytest.approx(0.3 * told["spend"])


def test_members_who_stayed_away_have_those_of_everybody(monkeypatch):
    everybody_buys(monkeypatch, 100, 100, 10)
    assert found(np.array([5.0, 5.0, 5.0, 0.0]))["spend"] == pytest.approx(100)


def test_where_few_bought_nothing_is_held():
    assert found(np.ones(5)) == {}


def test_without_a_margin_before_none_is_set_for_it():
    known = audience(np.ones(LEAST_BUYERS))
    del known["margin"]
    assert limits(known, making.NOON, length=FORTNIGHT).keys() == {"spend", "baskets"}
