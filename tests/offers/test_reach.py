import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

from loyalty import stated
from loyalty.profiling.dictionary import FIXED
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from offers import reach
from offers.models import Terms
from tests import making

pytestmark = pytest.mark.django_db

ON = dt.date(2025, 5, 5)
COLUMNS = {"age": np.array([17, 40, 60], np.float32), "average_basket": np.array([5.0, 30.0, 50.0])}
PROFILES = Profiles(
    as_of=ON,
    member_ids=np.arange(3),
    columns=COLUMNS,
    vocabularies={},
    features={name: FIXED[name] for name in COLUMNS},
)


def test_terms_without_a_rule_are_open_to_everyone(draft: Terms) -> None:
    assert reach.of(draft, PROFILES, on=ON).open_to == 3


def test_own_rule_narrows_the_reach(make: Callable[..., Terms]) -> None:
    terms = make(eligibility={"feature": "age", "is": "at_least", "value": 50})
    assert reach.of(terms, PROFILES, on=ON).open_to == 1


def test_age_restriction_narrows_the_reach(make: Callable[..., Terms]) -> None:
    assert reach.of(make(age_restricted=True), PROFILES, on=ON).open_to == 2


def test_those_who_told_us_they_do_not_eat_it_are_not_reached(make: Callable[..., Terms]) -> None:
    members = [making.member() for _ in range(3)]
    ids = np.array(sorted(member.pk for member in members))
    basket = {"average_basket": np.full(3, 10.0)}
    known = Profiles(PROFILES.as_of, ids, basket, {}, {"average_basket": PROFILES.features["average_basket"]})
    stated.tell(members[0], "diet", ["pork"], source="test", at=making.NOON)
    assert reach.of(make(contains=["pork"]), known, on=ON).open_to == 2


def test_cost_is_the_mean_over_those_it_is_open_to(make: Callable[..., Terms]) -> None:
    """20% of baskets of 30 and 50 cost 6 and 10."""
    assert reach.of(make(age_restricted=True), PROFILES, on=ON).cost_per_redemption == Decimal(8)


def test_terms_that_begin_later_are_judged_on_their_first_day(make: Callable[..., Terms]) -> None:
    terms = make(valid_from=dt.date(2025, 6, 1), valid_until=None)
    assert reach.of(terms, PROFILES, on=ON).open_to == 3


def test_terms_open_to_nobody_have_no_cost(make: Callable[..., Terms]) -> None:
    terms = make(eligibility={"feature": "age", "is": "at_least", "value": 90})
    assert reach.of(terms, PROFILES, on=ON) == reach.Reach(members=3, open_to=0, cost_per_redemption=None)


def test_unreadable_rule_is_refused(make: Callable[..., Terms]) -> None:
    with pytest.raises(Refused, match="cannot be used"):
        reach.of(make(eligibility={"feature": "nothing", "is": "known"}), PROFILES, on=ON)
