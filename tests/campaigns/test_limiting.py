import pytest

from campaigns.limiting import Price, prices, step_of

FREE = {"name": "Beans", "price": 0.0, "budget": None, "budget_price": 0.0}


def told(*offers, **common):
    return {"offers": [FREE | offer for offer in offers], **common}


@pytest.mark.parametrize(
    ("budget", "step"), [(20_000, 1_000), (10_000, 1_000), (9_999, 100), (150, 10), (99, 1), (3, 1), (0.5, 1)]
)
def test_a_price_of_money_is_told_for_a_small_and_round_part_of_the_budget(budget, step):
    assert step_of(budget) == step


def test_one_more_thousand_on_an_offer_earns_what_a_thousand_units_do():
    assert prices(told({"budget": 20_000.0, "budget_price": 1.84})) == [Price("money", 1_000, 1_840.0, "Beans")]


def test_one_more_member_earns_the_price_of_the_limit():
    assert prices(told({"price": 0.12})) == [Price("members", 1, 0.12, "Beans")]


def test_a_price_below_nothing_is_what_one_member_fewer_in_the_minimum_would_earn():
    assert prices(told({"price": -0.3})) == [Price("minimum", 1, 0.3, "Beans")]


def test_limits_that_do_not_bind_have_no_price():
    assert prices(told({"budget": 500.0}, total={"budget": 9.0, "budget_price": 0.0, "limit": 5, "price": 0.0})) == []


def test_common_limits_follow_those_of_the_offers_of_which_the_dearest_leads():
    total = {"budget": 5_000.0, "budget_price": 0.5, "limit": 40, "price": 0.2}
    channels = [{"channel": "email", "price": 0.12}]
    found = prices(told({"price": 0.1}, {"name": "Cups", "price": 0.4}, total=total, channels=channels))
    assert [(price.limit, price.name) for price in found] == [
        ("members", "Cups"),
        ("members", "Beans"),
        ("budget", ""),
        ("offers", ""),
        ("channel", "E-mail"),
    ]


def test_a_summary_that_kept_no_common_limits_tells_the_offers_own():
    assert prices(told({"price": 0.1})) == [Price("members", 1, 0.1, "Beans")]


@pytest.mark.parametrize(("earns", "places"), [(0.0991, 3), (0.1, 2), (1_840.0, 2)])
def test_little_is_told_with_more_decimals(earns, places):
    assert Price("members", 1, earns).places == places
