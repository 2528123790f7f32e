import pytest

from loyalty.profiling.conditions import All, AnyOf, Comparison, InSegment, Not, RuleError
from loyalty.profiling.parsing import MAX_DEPTH, MAX_RULES, Saved, parse
from loyalty.profiling.table import Feature

KINDS = {
    "recency": "days",
    "spend": "money",
    "discount": "share",
    "tier": "category",
    "pet": "flag",
    "shop": "category",
}
FEATURES = {name: Feature(name, name.title(), "", kind, "", "", "{value}") for name, kind in KINDS.items()}
WORDS = {"tier": ("Silver", "Gold")}


def read(data: object) -> object:
    return parse(data, FEATURES, WORDS)


def refusal(data: object) -> str:
    with pytest.raises(RuleError) as caught:
        read(data)
    return caught.value.sentence


def on(feature: object, op: object, value: object = None) -> dict[str, object]:
    return {"feature": feature, "is": op} | ({} if value is None else {"value": value})


def test_a_nested_rule_becomes_a_tree() -> None:
    data = {"all": [on("recency", "at_most", 30), {"any": [on("tier", "equals", "Gold"), {"not": on("pet", "known")}]}]}
    assert read(data) == All(
        (
            Comparison("recency", "at_most", 30.0),
            AnyOf((Comparison("tier", "equals", "Gold"), Not(Comparison("pet", "known")))),
        )
    )


@pytest.mark.parametrize(
    ("data", "operand"),
    [
        (on("recency", "between", [7, 30]), (7.0, 30.0)),
        (on("recency", "in", [1, 2]), (1.0, 2.0)),
        (on("tier", "in", ["Gold", "Silver"]), ("Gold", "Silver")),
        (on("pet", "equals", value=False), False),
        (on("spend", "at_least", 280_472.12), 280_472.12),
        (on("tier", "unknown"), None),
    ],
)
def test_operands_are_read_by_kind(data: object, operand: object) -> None:
    assert read(data).operand == operand


def test_a_number_becomes_what_float32_can_tell_apart() -> None:
    assert read(on("discount", "at_most", 0.30000000001)).operand == 0.3


def test_an_empty_all_is_read_as_everybody() -> None:
    assert read({"all": []}) == All(())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (on("recencyy", "at_most", 3), "There is no feature “recencyy”: did you mean “recency”?"),
        (on("xyzzy", "at_most", 3), "There is no feature “xyzzy”."),
        (on(["recency"], "at_most", 3), "There is no feature ['recency']"),
        (
            on("tier", "at_least", "Gold"),
            "“Tier” cannot be compared by “at_least”: use one of equals, in, known, unknown.",
        ),
        (on("pet", "in", [True]), "“Pet” cannot be compared by “in”: use one of equals, known, unknown."),
        (on("recency", "near", 3), "“Recency” cannot be compared by “near”"),
        (on("recency", ["in"], 3), "“Recency” cannot be compared by ['in']"),
        (on("recency", "at_most"), "“Recency” needs a number, such as 30, not nothing."),
        (on("recency", "at_most", "30"), "“Recency” needs a number, such as 30, not “30”."),
        (on("recency", "at_most", value=True), "“Recency” needs a number, such as 30, not True."),
        (on("recency", "at_most", float("nan")), "“Recency” needs a number, such as 30, not nan."),
        (on("recency", "at_most", float("inf")), "“Recency” needs a number, such as 30, not inf."),
        (on("recency", "at_most", 10**400), "“Recency” needs a number, such as 30"),
        (on("discount", "at_most", 25), "“Discount” is a share from 0 to 1: write 0.25 for 25 %, not 25."),
        (on("recency", "between", [3]), "“Recency is between” needs two numbers, the lower first, not [3]."),
        (on("recency", "between", 3), "“Recency is between” needs two numbers, the lower first, not 3."),
        (on("recency", "between", [9, 3]), "“Recency is between” needs the lower number first: [9, 3] is empty."),
        (on("tier", "in", []), "“Tier is one of” needs a list of 1 to 500 values, not []."),
        (on("tier", "in", "Gold"), "“Tier is one of” needs a list of 1 to 500 values, not “Gold”."),
        (on("tier", "equals", "Golden"), "“Tier” is never “Golden”: use one of Silver, Gold."),
        (on("tier", "in", ["Gold", 3]), "“Tier” is never 3: use one of Silver, Gold."),
        (on("shop", "equals", "North"), "“Shop” is never “North”: no value of it is known yet."),
        (on("pet", "equals", "yes"), "“Pet” is true or false, not “yes”."),
        (on("tier", "known", 3), "“Tier is known” takes no value: leave 3 out."),
        ([], "A rule is a list of rules under “all” or “any”"),
        (None, "nothing is none of these."),
        ({}, "{} is none of these."),
        ({"all": {}}, "A rule is a list of rules"),
        ({"all": [], "any": []}, "A rule is a list of rules"),
        ({"all": [], "name": "x"}, "A rule is a list of rules"),
        ({"not": [on("pet", "known")]}, "A rule is a list of rules"),
        (on("pet", "known") | {"unit": "x"}, "A rule is a list of rules"),
        (on("tier", "equals", "x" * 10_000), "x…: use one of Silver, Gold."),
    ],
)
def test_a_bad_rule_is_refused_in_a_sentence_that_says_what_is_allowed(data: object, sentence: str) -> None:
    assert sentence in refusal(data)


def nested(depth: int) -> dict[str, object]:
    rule: dict[str, object] = {"all": []}
    for _ in range(depth - 1):
        rule = {"not": rule}
    return rule


def test_a_rule_may_be_deep_but_not_bottomless() -> None:
    read(nested(MAX_DEPTH))
    assert "deep" in refusal(nested(MAX_DEPTH + 1))
    assert "deep" in refusal(nested(5000))


def test_a_rule_may_be_long_but_not_endless() -> None:
    read({"all": [{"all": []}] * (MAX_RULES - 1)})
    assert "make it smaller" in refusal({"all": [{"all": []}] * MAX_RULES})


SAVED = {
    1: Saved("Gold", on("tier", "equals", "Gold")),
    2: Saved("Gold and recent", {"all": [{"segment": 1}, on("recency", "at_most", 30)]}),
    3: Saved("Broken", on("gone", "known")),
    4: Saved("Asks for broken", {"segment": 3}),
    5: Saved("Round", {"not": {"segment": 6}}),
    6: Saved("And round", {"any": [{"segment": 5}]}),
}


def asking(data: object, *, within: tuple[tuple[int, str], ...] = ()) -> object:
    return parse(data, FEATURES, WORDS, find=SAVED.get, within=within)


def test_a_segment_that_is_asked_for_is_read_with_its_rule() -> None:
    gold = InSegment(1, "Gold", Comparison("tier", "equals", "Gold"))
    assert asking({"segment": 2}) == InSegment(
        2, "Gold and recent", All((gold, Comparison("recency", "at_most", 30.0)))
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"segment": 99}, "There is no segment 99 that a rule can ask for: choose another one."),
        ({"segment": "Gold"}, "There is no segment “Gold” that a rule can ask for"),
        ({"segment": True}, "There is no segment True that a rule can ask for"),
        ({"segment": [1]}, "There is no segment [1] that a rule can ask for"),
        ({"segment": 3}, "In the segment “Broken”: There is no feature “gone”."),
        ({"segment": 4}, "In the segment “Broken”: There is no feature “gone”."),
        ({"segment": 5}, "“Round” asks for “And round”, which asks for “Round”: a segment cannot ask for itself."),
    ],
)
def test_a_segment_that_cannot_be_asked_for_is_refused(data: object, sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        asking(data)
    assert caught.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        (1, "“Precious” asks for “Precious”"),
        (2, "“Precious” asks for “Gold and recent”, which asks for “Precious”"),
    ],
)
def test_a_segment_may_not_ask_for_itself_by_any_way(asked: int, way: str) -> None:
    with pytest.raises(RuleError, match=f"{way}: a segment cannot ask for itself. Choose another one."):
        asking({"any": [{"segment": asked}]}, within=((1, "Precious"),))


def test_two_parts_may_ask_for_the_same_segment() -> None:
    both = asking({"all": [{"segment": 1}, {"segment": 1}]})
    assert isinstance(both, All)
    assert both.parts[0] == both.parts[1]


def test_where_no_segment_may_be_asked_for_none_is() -> None:
    assert "There is no segment 1 that" in refusal({"segment": 1})


def test_the_parts_of_segments_count_as_the_rules_own() -> None:
    doubling = {number: Saved(str(number), {"all": [{"segment": number + 1}] * 5}) for number in range(8)}
    doubling[8] = Saved("8", {"all": []})
    with pytest.raises(RuleError, match="those of the segments it asks for included"):
        parse({"segment": 0}, FEATURES, WORDS, find=doubling.get)
