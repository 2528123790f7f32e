"""The kind of condition that asks what was bought.

`{"bought": "category", "named": ["Grocery > Coffee"], "times": 3, "days": 90, "channel": "store", "store": "North"}`,
where `bought` is also `brand`, `product` or `anything`, which names nothing, and `amount` may stand for `times`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from loyalty.profiling.conditions import Bought, Goods, RuleError
from loyalty.profiling.counted import (
    UNITS_E4,
    amount_e4_of,
    channel_of,
    counted,
    days_of,
    looked_back,
    on_channel,
    times_of,
    word_of,
)
from loyalty.profiling.history.names import CHANNEL, PRODUCT, PRODUCT_NAME, STORE
from loyalty.profiling.operands import MOST_VALUES, Nameable, Vocabularies, shown
from loyalty.profiling.table import Feature


def parse(data: Mapping[str, object], known: Nameable) -> Bought:
    """The condition in a piece of JSON; RuleError with a sentence that says what is allowed."""
    goods, words = _goods(data["bought"]), known.vocabularies
    named = _named(goods, data, words)
    if ("times" in data) == ("amount" in data):
        raise RuleError("“bought” needs “times”, in how many baskets at least, or “amount”, for how much at least.")
    return Bought(
        goods=goods,
        named=named,
        times=times_of(data["times"]) if "times" in data else None,
        amount_e4=amount_e4_of(data["amount"]) if "amount" in data else None,
        days=days_of(data),
        channel=channel_of(data, words, CHANNEL),
        store=word_of("store", data["store"], words, STORE) if "store" in data else "",
        labels=_labels(goods, named, words),
    )


def words(rule: Bought, features: Mapping[str, Feature]) -> str:
    """The condition as a phrase: “Bought Tea in at least 3 baskets in the last 90 days in store”."""
    if rule.times is not None:
        asked = f"in at least {counted(rule.times, 'basket')}"
    else:
        asked = f"for at least {money(rule.amount_e4 or 0, features)}"
    return f"Bought {what(rule)} {asked}{circumstances(rule)}"


def features_of(_rule: Bought) -> tuple[str, ...]:
    return ()


def subject(rule: Bought) -> object:
    return Bought, rule.goods, rule.named


def what(rule: Bought) -> str:
    """What was bought, such as “Tea or Coffee”, “the brand Alma” or “anything”."""
    if rule.goods == "anything":
        return "anything"
    named = " or ".join(rule.labels or rule.named)
    return f"the brand {named}" if rule.goods == "brand" else named


def circumstances(rule: Bought) -> str:
    """When and where, as it ends a phrase."""
    return f"{looked_back(rule.days)}{on_channel(rule.channel)}{f' at {rule.store}' if rule.store else ''}"


def money(amount_e4: int, features: Mapping[str, Feature]) -> str:
    """An amount to its last digit, with the currency that the features of these profiles have."""
    unit = next((feature.unit for feature in features.values() if feature.kind == "money"), "")
    return f"{(Decimal(amount_e4) / UNITS_E4).normalize():,f} {unit}".strip()


def _goods(value: object) -> Goods:
    for goods in get_args(Goods):
        if value == goods:
            return goods  # type: ignore[no-any-return]
    raise RuleError(f"“bought” is one of {', '.join(get_args(Goods))}, not {shown(value)}.")


def _named(goods: Goods, data: Mapping[str, object], vocabularies: Vocabularies) -> tuple[str, ...]:
    if goods == "anything":
        if "named" in data:
            raise RuleError("“bought” anything names nothing: leave “named” out, or say what of.")
        return ()
    named = data.get("named")
    if not isinstance(named, list) or not 0 < len(named) <= MOST_VALUES:
        raise RuleError(f"“bought” {goods} needs a list of 1 to {MOST_VALUES} under “named”, not {shown(named)}.")
    return tuple(word_of(goods, each, vocabularies, f"bought:{goods}") for each in named)


def _labels(goods: Goods, named: tuple[str, ...], vocabularies: Vocabularies) -> tuple[str, ...]:
    if goods != "product":
        return named
    refs, names = vocabularies[PRODUCT], vocabularies[PRODUCT_NAME]
    return tuple(f"“{names[refs.index(ref)]}”" for ref in named)
