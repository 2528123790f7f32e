"""The simulated grocer's shelves and stores: the same in every world."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product as combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer.chance import Floats, Ints, uniforms

# Own label, the leading brand, the dearer one.
BRAND_FACTORS = (0.82, 1.0, 1.18)


@dataclass(frozen=True)
class Store:
    ref: str
    name: str
    region: str
    postcode: str


@dataclass(frozen=True)
class Product:
    ref: str
    name: str
    department: int
    category: str
    brand: str
    flags: tuple[str, ...]
    price_cents: int
    unit_margin_cents: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Departments (d), products (p) in the order of their departments, and stores; money in cents.

    `promotion` is what comes off a product's price while it is on promotion, `steps` a ladder with one row per
    department that draws products by their popularity.
    """

    departments: tuple[str, ...]
    department_share: Floats
    stores: tuple[Store, ...]
    products: tuple[Product, ...]
    department: NDArray[np.int8]
    price: Ints
    unit_margin: Ints
    promotion: Ints
    steps: Floats

    def pick(self, department: NDArray[np.integer], uniform: Floats) -> Ints:
        """A product of each department, the popular ones more often."""
        return np.minimum(np.searchsorted(self.steps, department + uniform, side="right"), len(self.products) - 1)


@cache
def catalogue() -> Catalogue:
    """The assortment as `assortment.toml` lists it."""
    listing = tomllib.loads(
        resources.files("config.demo.retailer").joinpath("assortment.toml").read_text(encoding="utf-8")
    )
    products = _products(listing)
    department = np.array([product.department for product in products], dtype=np.int8)
    price = np.array([product.price_cents for product in products], dtype=np.int64)
    share = np.array([shelf["share"] for shelf in listing["department"]])
    return Catalogue(
        departments=tuple(shelf["name"] for shelf in listing["department"]),
        department_share=share / share.sum(),
        stores=_stores(listing),
        products=products,
        department=department,
        price=price,
        unit_margin=np.array([product.unit_margin_cents for product in products], dtype=np.int64),
        promotion=np.rint(price * (0.10 + 0.15 * uniforms("promotion", np.arange(len(products))))).astype(np.int64),
        steps=_popularity(department),
    )


def _stores(listing: dict[str, Any]) -> tuple[Store, ...]:
    return tuple(
        Store(ref=f"S{number:02d}", name=store["name"], region=store["region"], postcode=f"LW{number:02d} 100")
        for number, store in enumerate(listing["store"], start=1)
    )


def _products(listing: dict[str, Any]) -> tuple[Product, ...]:
    described = [
        _describe(listing, department, category, brand, item, size)
        for department, shelf in enumerate(listing["department"])
        for category in shelf["category"]
        for item, size, brand in combinations(category["items"], category["sizes"], range(len(shelf["brands"])))
    ]
    return tuple(Product(ref=f"P{number:05d}", **facts) for number, facts in enumerate(described, start=1))


def _describe(
    listing: dict[str, Any], department: int, category: dict[str, Any], brand: int, item: list[Any], size: list[Any]
) -> dict[str, Any]:
    shelf = listing["department"][department]
    label = shelf["brands"][brand]
    price = max(29, round(item[1] * size[1] * BRAND_FACTORS[brand] * 10) * 10 - 1)
    flags = {
        "alcohol": shelf.get("alcohol", False),
        "private_label": label == listing["own_label"],
        "organic": label == listing["organic_label"],
    }
    return {
        "name": f"{label} {item[0]}, {size[0]}",
        "department": department,
        "category": f"{shelf['name']} > {category['name']}",
        "brand": label,
        "flags": tuple(flag for flag, holds in flags.items() if holds),
        "price_cents": price,
        "unit_margin_cents": round(price * (shelf["margin"] + (0.06 if flags["private_label"] else 0.0))),
    }


def _popularity(department: NDArray[np.int8]) -> Floats:
    """Zipf's law within each department, over an arbitrary but fixed order of its products."""
    order = uniforms("popularity", np.arange(len(department)))
    steps = np.empty(len(department))
    for code in range(int(department.max()) + 1):
        shelf = department == code
        rank = np.argsort(np.argsort(order[shelf]))
        weight = 1.0 / (rank + 8.0)
        steps[shelf] = code + np.cumsum(weight) / weight.sum()
    return steps
