import pytest

from analytics import freezing
from tests.analytics import world
from tests.analytics.world import SINCE, UNTIL
from tests.making import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(terms):
    small = world.made(terms, members=600)
    small.decide()
    world.buy(small.shopping())
    return small


@pytest.mark.parametrize("metric", ["purchasers", "margin", "items_per_basket"])
def test_while_the_window_is_open_every_kind_of_metric_has_an_interval_for_every_look(small, metric):
    told = freezing.freeze(small.run, as_of=SINCE + 5 * DAY).told.of(metric)
    assert told.always.low < told.headline.each.low
    assert told.always.high > told.headline.each.high
    assert told.always.p >= told.headline.each.p


def test_once_it_has_closed_the_planned_day_is_enough(small):
    assert freezing.freeze(small.run, as_of=UNTIL + DAY).told.of("purchasers").always is None
