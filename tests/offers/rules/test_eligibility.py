import numpy as np
import pytest

from loyalty.profiling import segments
from loyalty.profiling.stating import INGREDIENTS, Told
from offers.rules.eligibility import REASONS, allowed, explain, open_bits
from tests.offers.rules.tables import profiles, terms

DAY = 20_000
FOUR = profiles(4, age=[17, 18, np.nan, 60], spend=[0, 10, 20, np.nan])


def _reasons(found) -> list[list[str]]:
    return [[REASONS[reason] for reason in member] for member in found.reason]


def test_a_plain_offer_is_open_to_everybody():
    found = allowed(FOUR, terms(2), on_day=DAY)
    assert found.allowed.all()
    assert explain(found, 0, 0) == "Eligible."


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (DAY, DAY, "eligible"),
        (DAY + 1, DAY + 9, "not yet valid"),
        (DAY - 9, DAY - 1, "expired"),
        (DAY - 9, DAY, "eligible"),
    ],
)
def test_an_offer_is_open_from_its_first_day_to_its_last(first, last, reason):
    found = allowed(FOUR, terms(1, valid_from=[first], valid_until=[last]), on_day=DAY)
    assert _reasons(found) == [[reason]] * 4


def test_nobody_redeems_more_often_than_allowed():
    redeemed = np.array([[0, 5], [1, 5], [2, 5], [3, 5]])
    found = allowed(FOUR, terms(2, limit_per_member=[2, 0]), on_day=DAY, redeemed=redeemed)
    assert found.allowed.tolist() == [[True, True], [True, True], [False, True], [False, True]]
    assert explain(found, 2, 0) == "Not eligible: redeemed the most times allowed."


def test_only_adults_of_known_age_get_an_age_restricted_offer():
    found = allowed(FOUR, terms(2, age_restricted=[True, False]), on_day=DAY)
    assert found.allowed.tolist() == [[False, True], [True, True], [False, True], [True, True]]
    assert explain(found, 2, 0) == "Not eligible: under age, or age unknown, for an age-restricted offer."


def test_without_any_ages_nobody_gets_an_age_restricted_offer():
    assert not allowed(profiles(2), terms(1, age_restricted=[True]), on_day=DAY).allowed.any()


def test_an_offers_own_rule_decides_who_may_have_it():
    data = {"feature": "spend", "is": "at_least", "value": 10}
    rule = segments.parse(data, FOUR.features, FOUR.vocabularies)
    found = allowed(FOUR, terms(2, rules=[rule, None]), on_day=DAY)
    assert found.allowed.tolist() == [[False, True], [True, True], [True, True], [False, True]]
    assert explain(found, 3, 0) == "Not eligible: outside the offer's own rule."


MEAT, PORK, NUTS = (frozenset({name}) for name in ("meat", "pork", "nuts"))
NOTHING: frozenset[str] = frozenset()


def told(**avoided):
    """The four members, of whom those with these ids avoid each ingredient."""
    return Told({("diet", name): np.array(ids) for name, ids in avoided.items()}).beside(FOUR)


def test_an_offer_is_kept_from_those_who_avoid_what_it_contains():
    found = allowed(told(pork=[2], nuts=[4]), terms(3, contains=[PORK, NUTS | MEAT, NOTHING]), on_day=DAY)
    assert found.allowed.tolist() == [[True] * 3, [False, True, True], [True] * 3, [True, False, True]]
    assert explain(found, 1, 0) == "Not eligible: the member told us they do not eat or drink what it contains."


def test_whoever_eats_no_meat_gets_no_pork():
    found = allowed(told(meat=[1], pork=[2]), terms(2, contains=[PORK, MEAT]), on_day=DAY)
    assert found.allowed.tolist() == [[False, False], [False, True], [True, True], [True, True]]


def test_an_offer_that_contains_nothing_is_open_to_whoever_avoids_everything():
    assert allowed(told(**{name: [1, 2, 3, 4] for name in INGREDIENTS}), terms(2), on_day=DAY).allowed.all()


def test_without_knowing_what_members_avoid_no_offer_that_contains_something_is_judged():
    with pytest.raises(ValueError, match="put what members told us beside their profiles first"):
        allowed(FOUR, terms(2, contains=[NOTHING, PORK]), on_day=DAY)


def test_an_offer_that_no_channel_carries_to_a_member_is_not_open_to_them():
    reachable = np.array([[True, False], [False, True], [True, True], [False, False]])
    found = allowed(FOUR, terms(2), on_day=DAY, reachable=reachable)
    assert np.array_equal(found.allowed, reachable)
    assert explain(found, 0, 1) == "Not eligible: offered by no channel that reaches the member."


def test_of_several_reasons_the_first_in_the_list_is_given():
    offer = terms(1, valid_until=[DAY - 1], age_restricted=[True], limit_per_member=[1])
    everything_wrong = {"redeemed": np.full((4, 1), 9), "reachable": np.zeros((4, 1), dtype=bool)}
    assert _reasons(allowed(FOUR, offer, on_day=DAY, **everything_wrong)) == [["expired"]] * 4
    later = allowed(FOUR, terms(1, age_restricted=[True], limit_per_member=[1]), on_day=DAY, **everything_wrong)
    assert _reasons(later) == [["redeemed the most times allowed"]] * 4


def test_a_pair_is_allowed_exactly_where_its_reason_says_eligible():
    found = allowed(FOUR, terms(3, age_restricted=[True, False, True], valid_until=[DAY, DAY - 1, DAY]), on_day=DAY)
    assert [[reason == "eligible" for reason in member] for member in _reasons(found)] == found.allowed.tolist()


def test_no_members_and_no_offers_have_no_pairs():
    assert allowed(profiles(0), terms(2), on_day=DAY).allowed.shape == (0, 2)
    assert allowed(FOUR, terms(0), on_day=DAY).allowed.shape == (4, 0)


def of_all_kinds(count=11):
    """Offers with every obstacle, several of them with the same rule."""
    rule = segments.parse(
        {"all": [{"feature": "spend", "is": "at_least", "value": 10}]}, FOUR.features, FOUR.vocabularies
    )
    numbers = np.arange(count)
    return terms(
        count,
        valid_from=np.where(numbers == 3, DAY + 1, DAY),
        valid_until=np.where(numbers == 4, DAY - 1, DAY),
        limit_per_member=numbers % 3,
        rules=[rule if number % 4 == 1 else None for number in range(count)],
        age_restricted=numbers % 5 == 2,
        contains=[frozenset({"pork"}) if number == 10 else frozenset() for number in range(count)],
    )


def test_bits_are_set_where_an_offer_is_allowed():
    offers, redeemed = of_all_kinds(), np.arange(44).reshape(4, 11) % 3
    members = Told({("diet", "pork"): FOUR.member_ids[1:3]}).beside(FOUR)
    found = allowed(members, offers, on_day=DAY, redeemed=redeemed)
    assert set(found.reason.ravel()) == {0, 1, 2, 3, 4, 5, 6}
    assert open_bits(members, offers, on_day=DAY, redeemed=redeemed).tolist() == packed(found.allowed)
    assert open_bits(members, offers, on_day=DAY, redeemed=None).tolist() != packed(found.allowed)


def packed(pairs):
    return np.packbits(pairs, axis=1, bitorder="little").tolist()
