from campaigns.presenting import Left, presented

OFFER = {"offer_ref": "a", "name": "Beans", "assigned": 3, "limit": 3, "price": 0.5, "budget": None, "budget_price": 0}
STAGES = [
    {"label": "All members", "count": 9, "reasons": []},
    {"label": "Eligible", "count": 3, "reasons": [["expired", 4], ["under age", 2]]},
]
TOLD = {"offers": [OFFER], "funnel": STAGES}


def test_the_funnel_as_rows_has_one_per_reason_and_names_the_stage_once():
    assert presented(TOLD).funnel == [
        Left("All members", 9, "", None),
        Left("Eligible", 3, "expired", 4),
        Left("", None, "under age", 2),
    ]


def test_what_is_shown_besides_are_prices_and_the_figure():
    shown = presented(TOLD)
    assert [price.earns for price in shown.prices] == [0.5]
    assert shown.figure["data"]


def test_many_offers_take_a_tall_figure():
    assert [presented(TOLD | {"offers": [OFFER] * many}).size for many in (2, 8, 20)] == ["short", "", "tall"]
