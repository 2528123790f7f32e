import datetime as dt

import numpy as np
import pytest

from campaigns import launching, ready_made
from campaigns.models import Campaign
from loyalty import profiles, segmentation
from loyalty.models import Segment
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def known(shoppers, scorers_of_members):
    """Profiles of members who were here 1 to 30 days ago, with how likely each is to stay away."""
    return profiles.opened(profiles.build(TODAY, at=making.NOON), on=TODAY)


def started(mara, name="Win back") -> Campaign:
    return ready_made.reactivate(name, by=mara, at=making.NOON)


def test_it_is_for_the_tenth_that_is_likeliest_to_stay_away(known, mara):
    chances = known.column("churn_chance")
    rule = segmentation.parsed(started(mara).segment.current().rule, known)
    inside = segmentation.inside(rule, known).mask()
    assert 0.1 <= inside.mean() <= 0.2
    assert chances[inside].min() > np.nanmax(chances[~inside])


def test_it_says_what_is_expected_and_how_it_is_judged(known, mara):
    left = {blocker.step for blocker in launching.blockers(started(mara), on=TODAY)}
    assert left == {"offers", "dates"}


def test_a_segment_that_is_there_is_used_as_it_is(known, mara):
    own = segmentation.save(None, name=ready_made.LIKELY_TO_LEAVE, rule={"all": []}, by=mara, at=making.NOON)
    assert started(mara).segment == started(mara, "Again").segment == own.segment


def test_while_nobody_says_who_is_likely_to_leave_it_is_refused_and_nothing_is_left(shoppers, mara):
    with pytest.raises(Refused, match="have an analyst train the scorers"):
        started(mara)
    assert not Campaign.objects.exists()
    assert not Segment.objects.exists()
