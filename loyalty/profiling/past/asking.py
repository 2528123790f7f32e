"""Where in the index to look for what a condition asks for, and what counts there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from loyalty.profiling import runs
from loyalty.profiling.conditions import Bought, RuleError
from loyalty.profiling.history.index import EVERYTHING, History, Purchases
from loyalty.profiling.history.names import CHANNEL, PRODUCT, STORE
from loyalty.profiling.history.paths import outermost
from loyalty.profiling.scanning import Test


@dataclass(frozen=True, eq=False)
class LineFilter:
    """What lines count: the groups to look in, each with a test of its products where not all count.

    Codes of channel and store are -1 where any will do.
    """

    groups: Mapping[int, Test | None]
    days: int | None
    channel: int
    store: int


def filter_of(rule: Bought, history: History) -> LineFilter:
    """What a condition asks for; RuleError where it names what is not there any more."""
    return LineFilter(
        groups=_groups(rule, history),
        days=rule.days,
        channel=code_of(rule.channel, history.words[CHANNEL]),
        store=code_of(rule.store, history.words[STORE]),
    )


def code_of(word: str, words: tuple[str, ...]) -> int:
    """The code of a word, -1 where none is asked for; RuleError for one that is gone."""
    if word and word not in words:
        raise RuleError(f"“{word}” is not in these profiles any more: choose another one.")
    return words.index(word) if word else -1


def _groups(rule: Bought, history: History) -> Mapping[int, Test | None]:
    purchases = history.purchases
    if rule.goods == "anything":
        return {EVERYTHING: None}
    if rule.goods == "category":
        return {_group(path, history): None for path in outermost(rule.named)}
    if rule.goods == "product":
        return _with(purchases, np.array([code_of(ref, history.words[PRODUCT]) for ref in rule.named]))
    brands = [code_of(brand, history.brands) for brand in rule.named]
    return _with(purchases, np.flatnonzero(np.isin(purchases.brand_of, brands)))


def _group(category: str, history: History) -> int:
    if category in history.inner:
        return EVERYTHING + 1 + len(history.leaves) + history.inner.index(category)
    return EVERYTHING + 1 + code_of(category, history.leaves)


def _with(purchases: Purchases, products: np.ndarray) -> dict[int, Test | None]:
    """The groups that these products are in, each with the test for those of them that are."""
    group_of = purchases.group_of[products]
    return {group: _one_of(purchases, products[group_of == group].tolist()) for group in np.unique(group_of).tolist()}


def _one_of(purchases: Purchases, products: Iterable[int]) -> Test:
    return runs.test(purchases.product, runs.joined((product, product) for product in products))
