import pytest

from analytics import freezing
from tests.analytics import world
from tests.analytics.world import UNTIL
from tests.making import DAY

pytestmark = pytest.mark.django_db


def test_no_metric_says_otherwise_in_per_cent_than_as_it_is(terms):
    small = world.made(terms, members=300, share_held_out=0.2)
    small.decide()
    world.buy(small.shopping(effect=2.5))
    told = [each.headline for each in freezing.freeze(small.run, as_of=UNTIL + DAY).told.judged if each.headline.each]
    assert len(told) == 5  # the margin is the same share of all spend, without any spread
    for each in told:
        assert each.per_cent.value == pytest.approx(each.relative.value)
        assert (each.per_cent.low > 0, each.per_cent.high < 0) == (each.each.low > 0, each.each.high < 0)
        assert each.per_cent.low < each.per_cent.value < each.per_cent.high
