"""Purchase lines from files. A line that is known does not change: a return or a correction is a line of its own."""

from loyalty.files import kinds
from loyalty.staging.target import of_one_table, one_of, plain, text

PURCHASES = of_one_table(
    "loyalty_purchase",
    (
        text("line_ref"),
        text("basket_ref"),
        one_of("loyalty_member", "members", named="member"),
        one_of("loyalty_product", "products", named="product"),
        one_of("loyalty_store", "stores", named="store"),
        text("channel"),
        plain("purchased_at"),
        plain("quantity"),
        plain("net_amount"),
        plain("discount_amount"),
        plain("margin_amount"),
        text("offer_ref"),
    ),
    kind=kinds.PURCHASES,
    key=("line_ref",),
)
