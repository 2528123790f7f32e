"""Stores, products and stock from files. A later file's content replaces what is known."""

from loyalty.files import kinds
from loyalty.staging.target import entries, of_one_table, one_of, plain, text

STORES = of_one_table(
    "loyalty_store",
    (
        text("ref", source="store_ref"),
        text("name"),
        text("region"),
        text("postcode"),
        plain("latitude"),
        plain("longitude"),
    ),
    kind=kinds.STORES,
    key=("ref",),
    fixed="false",
)

PRODUCTS = of_one_table(
    "loyalty_product",
    (
        text("ref", source="product_ref"),
        text("name"),
        text("category"),
        text("brand"),
        plain("price"),
        plain("unit_margin"),
        entries("flags"),
    ),
    kind=kinds.PRODUCTS,
    key=("ref",),
    fixed="false",
)

STOCK = of_one_table(
    "loyalty_stock",
    (
        one_of("loyalty_store", "stores", named="store"),
        one_of("loyalty_product", "products", named="product"),
        plain("quantity"),
        plain("counted_at"),
    ),
    kind=kinds.STOCK,
    key=("store_id", "product_id"),
    order=("counted_at", "line"),
    fixed="again.counted_at < known.counted_at",
    fixed_reason="was counted before the count that is known: leave the row out",
)
