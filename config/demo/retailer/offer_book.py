"""The offers in the simulated grocer's drawer: the same in every world."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer.catalogue import catalogue
from config.demo.retailer.chance import Floats, Ints

# How strongly a kind of offer speaks to someone who looks at prices, between 0 and 1.
PULL = {
    "percent": 0.9,
    "amount": 0.8,
    "free_item": 1.0,
    "points": 0.6,
    "multiplier": 0.5,
    "service": 0.4,
    "information": 0.1,
}


@dataclass(frozen=True, eq=False)
class OfferBook:
    """k offers as they are listed, and the columns (k,) that the till and the members' responses need; money in cents.

    `department` is -1 for an offer on the whole shop. `percent` and `amount` are 0 where nothing comes off at the till.
    """

    listing: tuple[dict[str, Any], ...]
    refs: tuple[str, ...]
    kinds: tuple[str, ...]
    department: NDArray[np.int8]
    percent: Ints
    amount: Ints
    minimum_spend: Ints
    redeemable: NDArray[np.bool_]
    pull: Floats

    def __len__(self) -> int:
        return len(self.refs)


@cache
def offer_book() -> OfferBook:
    """The offers as `offers.toml` lists them."""
    text = resources.files("config.demo.retailer").joinpath("offers.toml").read_text(encoding="utf-8")
    listing = tuple(tomllib.loads(text)["offer"])
    kinds = tuple(offer["kind"] for offer in listing)
    codes = {name: code for code, name in enumerate(catalogue().departments)}
    return OfferBook(
        listing=listing,
        refs=tuple(f"OFFER-{number:02d}" for number in range(1, len(listing) + 1)),
        kinds=kinds,
        department=np.array([codes.get(offer.get("category"), -1) for offer in listing], dtype=np.int8),
        percent=np.array([offer["value"] if offer["kind"] == "percent" else 0 for offer in listing], dtype=np.int64),
        amount=_cents([offer["value"] if offer["kind"] in ("amount", "free_item") else 0 for offer in listing]),
        minimum_spend=_cents([offer.get("minimum_spend", 0) for offer in listing]),
        redeemable=np.array([kind != "information" for kind in kinds]),
        pull=np.array([PULL[kind] for kind in kinds]),
    )


def _cents(amounts: list[float]) -> Ints:
    cents: Ints = np.rint(np.array(amounts) * 100).astype(np.int64)
    return cents
