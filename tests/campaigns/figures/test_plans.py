from campaigns.figures import plans


def offer(ref, assigned, **limits):
    return {"offer_ref": ref, "name": f"Offer {ref}", "assigned": assigned, "limit": None, "least": None, **limits}


def test_bars_are_members_per_offer_the_largest_on_top():
    figure = plans.who_gets_what({"offers": [offer("a", 5), offer("b", 9)]})
    assert figure["data"][0]["x"] == [5, 9]  # Plotly counts from the bottom
    assert figure["data"][0]["y"] == ["Offer a", "Offer b"]


def test_limits_and_minimums_are_marks():
    figure = plans.who_gets_what({"offers": [offer("a", 5, limit=6, least=2), offer("b", 9)]})
    assert [(trace["name"], trace["x"]) for trace in figure["data"][1:]] == [
        ("At the most", [6]),
        ("At the least", [2]),
    ]


def test_a_limit_far_away_is_left_to_the_table():
    figure = plans.who_gets_what({"offers": [offer("a", 5, limit=5_000)]})
    assert [trace["name"] for trace in figure["data"]] == ["Get it"]


def test_offers_that_nobody_gets_are_left_to_the_table():
    figure = plans.who_gets_what({"offers": [offer("a", 5), offer("b", 0)]})
    assert figure["data"][0]["y"] == ["Offer a"]


def test_without_anybody_there_is_no_figure():
    nothing = {"offers": [offer("a", 0)]}
    assert plans.who_gets_what(nothing) is None
    assert plans.compared(nothing, nothing, ["one", "other"]) is None


def test_two_plans_are_compared_offer_by_offer_also_where_one_does_not_have_it():
    one, other = {"offers": [offer("a", 5)]}, {"offers": [offer("a", 7), offer("b", 2)]}
    figure = plans.compared(one, other, ["one", "other"])
    assert [(trace["name"], dict(zip(trace["y"], trace["x"], strict=True))) for trace in figure["data"]] == [
        ("one", {"Offer a": 5, "Offer b": 0}),
        ("other", {"Offer a": 7, "Offer b": 2}),
    ]


def test_offers_of_two_plans_stand_as_in_their_table_from_the_top():
    both = {"offers": [offer("b", 5), offer("a", 7)]}
    figure = plans.compared(both, both, ["one", "other"])
    assert figure["data"][0]["y"] == ["Offer b", "Offer a"]  # Plotly counts from the bottom


def test_a_long_name_is_cut_and_told_in_full_by_pointing_at_it():
    long = offer("a", 5) | {"name": "A free bag of coffee when you spend thirty euros"}
    (bars,) = plans.who_gets_what({"offers": [long]})["data"]
    assert (bars["y"], bars["customdata"]) == (["A free bag of coffee wh…"], [long["name"]])


def test_two_of_one_name_are_told_apart_by_their_references():
    both = [offer("a", 5) | {"name": "Tea"}, offer("b", 6) | {"name": "Tea"}]
    assert plans.who_gets_what({"offers": both})["data"][0]["y"] == ["a", "b"]
