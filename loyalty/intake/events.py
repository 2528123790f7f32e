"""Events from files. An event that is known does not change."""

from loyalty.files import kinds
from loyalty.staging.target import of_one_table, one_of, plain, text

EVENTS = of_one_table(
    "loyalty_event",
    (
        text("ref", source="event_ref"),
        one_of("loyalty_member", "members", named="member"),
        plain("at"),
        text("kind"),
        one_of("loyalty_product", "products", named="product"),
        text("offer_ref"),
        text("channel"),
        plain("value"),
        text("text"),
    ),
    kind=kinds.EVENTS,
    key=("ref",),
)
