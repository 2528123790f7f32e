"""The ten kinds of file a retailer can bring, and the type of each of their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

# A `reference` is text kept exactly, a `word` a lower-case name from an open list, an `attribute` a value whose form
# says what it is; a `number` is a float, while `money` and `quantity` are exact, with at most four decimals.
Type = Literal[
    "reference", "text", "word", "choice", "category", "list", "attribute", "flag",
    "integer", "number", "quantity", "money", "date", "time",
]  # fmt: skip

ATTRIBUTE_PREFIX = "attr_"


@dataclass(frozen=True)
class Column:
    """A column by name. `required` columns must be there with no cell empty, unless `may_be_empty` says otherwise.

    `choices` are all that a cell may be; of a `word`, those that are known already.
    """

    name: str
    type: Type = "text"
    required: bool = False
    may_be_empty: bool = False
    choices: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class Kind:
    """What one kind of file holds; `key` names the columns by which a row is known again."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    has_attributes: bool = False

    def column(self, name: str) -> Column | None:
        """The column of that name; any `attr_…` is one where the kind has attributes."""
        if self.has_attributes and name.startswith(ATTRIBUTE_PREFIX):
            return Column(name, "attribute")
        return next((column for column in self.columns if column.name == name), None)

    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def optional(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if not column.required)


def _must(name: str, type: Type = "text", **more: object) -> Column:  # noqa: A002 - the word of this module
    return Column(name, type, required=True, **more)  # type: ignore[arg-type]


_LONGEST_DAYS = 3660
_MESSAGE_CHANNELS = ("email", "app")
_SALES_CHANNELS = ("store", "online", "app", "phone")
_EVENT_CHANNELS = (*_SALES_CHANNELS, "web", "mobile", "email", "sms", "push", "post", "social", "kiosk")
# What the events mean is told in `loyalty.events.meanings`; a retailer may have kinds of their own besides.
EVENT_KINDS = (
    "view", "visit", "search", "cart_add", "cart_remove", "app_open", "open", "click",
    "offer_seen", "offer_viewed", "offer_completed", "survey_answer",
)  # fmt: skip

STORES = Kind(
    "stores",
    (
        _must("store_ref", "reference"),
        _must("name"),
        Column("region"),
        Column("postcode"),
        Column("latitude", "number", lowest=-90, highest=90),
        Column("longitude", "number", lowest=-180, highest=180),
    ),
    key=("store_ref",),
)

PRODUCTS = Kind(
    "products",
    (
        _must("product_ref", "reference"),
        _must("name"),
        _must("category", "category"),
        Column("brand"),
        Column("price", "money"),
        Column("unit_margin", "money"),
        Column("flags", "list"),
    ),
    key=("product_ref",),
)

STOCK = Kind(
    "stock",
    (
        _must("store_ref", "reference"),
        _must("product_ref", "reference"),
        _must("quantity", "quantity"),
        _must("counted_at", "time"),
    ),
    key=("store_ref", "product_ref"),
)

MEMBERS = Kind(
    "members",
    (
        _must("member_ref", "reference"),
        Column("joined_on", "date"),
        Column("first_name"),
        Column("last_name"),
        Column("email"),
        Column("phone"),
        Column("birth_year", "integer", lowest=1900, highest=2100),
        Column("postcode"),
        Column("home_store_ref", "reference"),
        Column("tier"),
    ),
    key=("member_ref",),
    has_attributes=True,
)

CONSENTS = Kind(
    "consents",
    (
        _must("member_ref", "reference"),
        _must("purpose", "choice", choices=("marketing", "personalisation")),
        _must("channel", "choice", choices=_MESSAGE_CHANNELS, may_be_empty=True),
        _must("granted", "flag"),
        _must("at", "time"),
        Column("wording"),
        Column("source"),
    ),
    key=("member_ref", "purpose", "channel", "at", "granted"),
)

PURCHASES = Kind(
    "purchases",
    (
        _must("line_ref", "reference"),
        _must("basket_ref", "reference"),
        _must("purchased_at", "time"),
        _must("quantity", "quantity"),
        _must("net_amount", "money"),
        Column("member_ref", "reference"),
        Column("product_ref", "reference"),
        Column("store_ref", "reference"),
        Column("channel", "choice", choices=_SALES_CHANNELS),
        Column("discount_amount", "money"),
        Column("margin_amount", "money"),
        Column("offer_ref", "reference"),
    ),
    key=("line_ref",),
)

EVENTS = Kind(
    "events",
    (
        _must("event_ref", "reference"),
        _must("member_ref", "reference"),
        _must("at", "time"),
        _must("kind", "word", choices=EVENT_KINDS),
        Column("product_ref", "reference"),
        Column("offer_ref", "reference"),
        Column("channel", "choice", choices=_EVENT_CHANNELS),
        Column("value", "number"),
        Column("text"),
    ),
    key=("event_ref",),
)

OFFERS = Kind(
    "offers",
    (
        _must("offer_ref", "reference"),
        _must("name"),
        _must(
            "kind",
            "choice",
            choices=("percent", "amount", "points", "multiplier", "free_item", "information", "service"),
        ),
        Column("value", "quantity", lowest=0),
        Column("minimum_spend", "money", lowest=0),
        Column("valid_from", "date"),
        Column("valid_until", "date"),
        Column("category", "category"),
        Column("product_ref", "reference"),
        Column("cost", "money", lowest=0),
        Column("channels", "list", choices=_MESSAGE_CHANNELS),
        Column("contains", "list", choices=("meat", "pork", "fish", "milk", "eggs", "gluten", "nuts", "alcohol")),
        Column("limit_per_member", "integer", lowest=0, highest=2**31 - 1),
        Column("limit_total", "integer", lowest=0),
        Column("budget", "money", lowest=0),
    ),
    key=("offer_ref",),
)

CAMPAIGNS = Kind(
    "campaigns",
    (
        _must("campaign_ref", "reference"),
        _must("name"),
        _must("starts_at", "time"),
        _must("ends_at", "time"),
        Column("outcome_days", "integer", lowest=1, highest=_LONGEST_DAYS),
        Column("contact_cost", "money", lowest=0),
        Column("hypothesis"),
        Column("primary_metric", "choice", choices=("margin", "spend", "purchasers", "baskets")),
        Column("design", "choice", choices=("randomised", "targeted", "unknown")),
        Column("share_held_out", "number", lowest=0, highest=0.9999),
    ),
    key=("campaign_ref",),
)

ASSIGNMENTS = Kind(
    "assignments",
    (
        _must("campaign_ref", "reference"),
        _must("member_ref", "reference"),
        _must("arm"),
        Column("offer_ref", "reference"),
        Column("at", "time"),
        Column("probability", "number", lowest=0, highest=1),
    ),
    key=("campaign_ref", "member_ref"),
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            STORES, PRODUCTS, STOCK, MEMBERS, CONSENTS, PURCHASES, EVENTS, OFFERS, CAMPAIGNS, ASSIGNMENTS,
        )
    }
)  # fmt: skip
