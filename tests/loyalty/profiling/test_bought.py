import pytest

from loyalty.profiling.conditions import Bought, Rule, RuleError
from loyalty.profiling.parsing import parse
from loyalty.profiling.phrasing import in_words
from loyalty.profiling.table import Feature

FEATURES = {"spend": Feature("spend", "Spend", "EUR", "money", "", "", "")}
WORDS = {
    "bought:category": ("Grocery", "Grocery > Coffee", "Home"),
    "bought:brand": ("Alma", "Bolt"),
    "bought:product": ("4711", "4712"),
    "bought:product_name": ("Beans, 1 kg", "Cup"),
    "bought:channel": ("store", "online", "app", "phone"),
    "bought:store": ("North", "South"),
}
COFFEE = {"bought": "category", "named": ["Grocery > Coffee"], "times": 3}


def read(data: object) -> Rule:
    return parse(data, FEATURES, WORDS)


def refusal(data: object, words: dict[str, tuple[str, ...]] = WORDS) -> str:
    with pytest.raises(RuleError) as caught:
        parse(data, FEATURES, words)
    return caught.value.sentence


def test_a_condition_is_read_with_all_that_it_asks() -> None:
    data = {**COFFEE, "days": 90, "channel": "store", "store": "North"}
    assert read(data) == Bought("category", ("Grocery > Coffee",), times=3, days=90, channel="store", store="North")


@pytest.mark.parametrize(
    ("amount", "amount_e4"), [(50, 500_000), (50.0, 500_000), (0.1, 1_000), (1234.5678, 12_345_678), (0.0001, 1)]
)
def test_an_amount_is_exact_to_the_ten_thousandth(amount: float, amount_e4: int) -> None:
    assert read({"bought": "anything", "amount": amount}).amount_e4 == amount_e4


def test_a_product_is_asked_for_by_its_reference_and_called_by_its_name() -> None:
    rule = read({"bought": "product", "named": ["4711", "4712"], "times": 1})
    assert (rule.named, rule.labels) == (("4711", "4712"), ("“Beans, 1 kg”", "“Cup”"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"bought": "coffee", "times": 1}, "“bought” is one of anything, category, brand, product, not “coffee”."),
        ({"bought": "category", "times": 1}, "“bought” category needs a list of 1 to 500 under “named”, not nothing."),
        ({**COFFEE, "named": []}, "“bought” category needs a list of 1 to 500 under “named”, not []."),
        (
            {**COFFEE, "named": ["Grocery > Cofee"]},
            "There is no category “Grocery > Cofee”: did you mean “Grocery > Coffee”?",
        ),
        ({**COFFEE, "named": [["Home"]]}, "There is no category ['Home']: did you mean “Home”?"),
        (
            {"bought": "anything", "named": ["Home"], "times": 1},
            "“bought” anything names nothing: leave “named” out, or say what of.",
        ),
        (
            {**COFFEE, "amount": 5},
            "“bought” needs “times”, in how many baskets at least, or “amount”, for how much at least.",
        ),
        (
            {"bought": "anything"},
            "“bought” needs “times”, in how many baskets at least, or “amount”, for how much at least.",
        ),
        ({**COFFEE, "times": 0}, "“times” is a whole number from 1 to 1,000,000, not 0."),
        ({**COFFEE, "times": True}, "“times” is a whole number from 1 to 1,000,000, not True."),
        ({**COFFEE, "times": 2.0}, "“times” is a whole number from 1 to 1,000,000, not 2.0."),
        ({**COFFEE, "days": 0}, "“days” is a whole number from 1 to 36,500, not 0."),
        ({**COFFEE, "days": None}, "“days” is a whole number from 1 to 36,500, not nothing."),
        ({"bought": "anything", "amount": 0}, "“amount” is a sum of money above 0, such as 50, not 0."),
        ({"bought": "anything", "amount": float("nan")}, "“amount” is a sum of money above 0, such as 50, not nan."),
        ({"bought": "anything", "amount": 0.00005}, "“amount” has at most four decimals, not 5e-05."),
        ({**COFFEE, "channel": "stores"}, "There is no channel “stores”: did you mean “store”?"),
        ({**COFFEE, "store": "East"}, "There is no store “East”."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(data: object, sentence: str) -> None:
    assert refusal(data) == sentence


def test_profiles_of_earlier_days_say_that_they_have_to_be_built_again() -> None:
    assert "build profiles again" in refusal(COFFEE, words={})


def test_a_long_list_of_words_is_not_searched_for_the_nearest() -> None:
    many = {**WORDS, "bought:product": tuple(map(str, range(100_000)))}
    assert refusal({**COFFEE, "bought": "product", "named": ["x"]}, many) == "There is no product “x”."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (COFFEE, "Bought Grocery > Coffee in at least 3 baskets"),
        ({**COFFEE, "times": 1, "days": 90}, "Bought Grocery > Coffee in at least 1 basket in the last 90 days"),
        (
            {**COFFEE, "channel": "store", "store": "North"},
            "Bought Grocery > Coffee in at least 3 baskets in store at North",
        ),
        (
            {"bought": "brand", "named": ["Alma", "Bolt"], "amount": 1234.5},
            "Bought the brand Alma or Bolt for at least 1,234.5 EUR",
        ),
        (
            {"bought": "product", "named": ["4711"], "times": 2, "channel": "app"},
            "Bought “Beans, 1 kg” in at least 2 baskets in the app",
        ),
        (
            {"bought": "anything", "times": 2, "channel": "online", "days": 1},
            "Bought anything in at least 2 baskets on the day before online",
        ),
        (
            {"all": [COFFEE, {"not": COFFEE}]},
            "Bought Grocery > Coffee in at least 3 baskets and not (Bought Grocery > Coffee in at least 3 baskets)",
        ),
    ],
)
def test_a_condition_reads_as_a_marketer_would_say_it(data: object, words: str) -> None:
    assert in_words(read(data), FEATURES) == words
