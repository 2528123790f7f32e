"""What each feature says that every retailer has: label, unit, source, purpose, and the sentence for the member."""

from loyalty.profiling import habits, lifecycle, rfm
from loyalty.profiling.table import Feature

PURCHASES = "purchase lines"
LAST_YEAR = "purchase lines of the last 365 days"
RECORD = "the membership record"
AUDIENCE = "choosing whom a campaign is for"
RELEVANCE = "choosing offers that fit"
ATTENTION = "writing to members who pay attention"
ELIGIBILITY = "checking who may have an offer"


def _baskets(days: int) -> Feature:
    return Feature(
        name=f"baskets_{days}",
        label=f"Baskets in the last {days} days",
        unit="baskets",
        kind="count",
        source=f"purchase lines of the last {days} days",
        purpose=AUDIENCE,
        sentence=f"You bought {{value}} baskets in the last {days} days.",
    )


def _spend(days: int) -> Feature:
    return Feature(
        name=f"spend_{days}",
        label=f"Spend in the last {days} days",
        unit="money",
        kind="money",
        source=f"purchase lines of the last {days} days",
        purpose=RELEVANCE,
        sentence=f"You spent {{value}} in the last {days} days, returns taken off.",
    )


def _attention(name: str, label: str, unit: str, said: str, days: int) -> Feature:
    return Feature(
        name=f"{name}_{days}",
        label=f"{label} in the last {days} days",
        unit=unit,
        kind="count",
        source=f"events of the last {days} days",
        purpose=ATTENTION,
        sentence=f"You {said} in the last {days} days.",
    )


_FIXED = (
    Feature(
        name="recency_days",
        label="Days since last purchase",
        unit="days",
        kind="days",
        source=PURCHASES,
        purpose=AUDIENCE,
        sentence="You last shopped {value} days ago.",
    ),
    *(_baskets(days) for days in (30, 90, 365)),
    *(_spend(days) for days in (30, 90, 365)),
    Feature(
        name="baskets_total",
        label="Baskets ever",
        unit="baskets",
        kind="count",
        source=PURCHASES,
        purpose=AUDIENCE,
        sentence="You bought {value} baskets since we have known you.",
    ),
    Feature(
        name="interval_days",
        label="Days between purchases",
        unit="days",
        kind="days",
        source=PURCHASES,
        purpose="telling whether a member is late",
        sentence="You usually shop every {value} days.",
    ),
    Feature(
        name="average_basket",
        label="Average basket",
        unit="money",
        kind="money",
        source=LAST_YEAR + ", or of all time where there are none",
        purpose=RELEVANCE,
        sentence="You spend {value} each time on average.",
    ),
    Feature(
        name="lines_per_basket",
        label="Products per basket",
        unit="products",
        kind="number",
        source=LAST_YEAR + ", or of all time where there are none",
        purpose=RELEVANCE,
        sentence="You buy {value} products each time on average.",
    ),
    Feature(
        name="spend_trend",
        label="Spend of the last 90 days against the 90 before",
        unit="times as much",
        kind="ratio",
        source="purchase lines of the last 180 days",
        purpose=AUDIENCE,
        sentence="In the last 90 days you spent {value} times as much as in the 90 days before.",
    ),
    Feature(
        name="tenure_days",
        label="Days since joining",
        unit="days",
        kind="days",
        source=RECORD,
        purpose=AUDIENCE,
        sentence="You joined {value} days ago.",
    ),
    Feature(
        name="lifecycle",
        label="Lifecycle stage",
        unit="stage",
        kind="category",
        source=PURCHASES + ", against the member's own interval",
        purpose=AUDIENCE,
        sentence="Your stage as a shopper with us: {value}.",
        choices=lifecycle.STAGES,
    ),
    Feature(
        name="stage_days",
        label="Days in this lifecycle stage",
        unit="days",
        kind="days",
        source=PURCHASES + ", against the member's own interval",
        purpose=AUDIENCE,
        sentence="You have been at this stage for {value} days.",
    ),
    Feature(
        name="recency_score",
        label="Recency score",
        unit="score 1 to 5",
        kind="score",
        source=PURCHASES,
        purpose=AUDIENCE,
        sentence="How recently you shopped, compared with other members, from 1 to 5: {value}.",
    ),
    Feature(
        name="frequency_score",
        label="Frequency score",
        unit="score 1 to 5",
        kind="score",
        source=LAST_YEAR,
        purpose=AUDIENCE,
        sentence="How often you shop, compared with other members, from 1 to 5: {value}.",
    ),
    Feature(
        name="monetary_score",
        label="Monetary score",
        unit="score 1 to 5",
        kind="score",
        source=LAST_YEAR,
        purpose=AUDIENCE,
        sentence="How much you spend, compared with other members, from 1 to 5: {value}.",
    ),
    Feature(
        name="rfm_cell",
        label="RFM cell",
        unit="cell",
        kind="category",
        source="recency, frequency and monetary score",
        purpose=AUDIENCE,
        sentence="Our name for how recently, how often and for how much you shop: {value}.",
        choices=rfm.CELL_NAMES,
    ),
    Feature(
        name="top_category",
        label="Favourite department",
        unit="department",
        kind="category",
        source=PURCHASES + ", recent ones counting more",
        purpose=RELEVANCE,
        sentence="You spend most on {value}.",
    ),
    Feature(
        name="channel_preference",
        label="Preferred channel",
        unit="channel",
        kind="category",
        source=LAST_YEAR,
        purpose="choosing where to reach a member",
        sentence="Where you shop: {value}.",
        choices=habits.CHANNELS,
    ),
    Feature(
        name="daypart_preference",
        label="Preferred time of day",
        unit="time of day",
        kind="category",
        source=LAST_YEAR,
        purpose="choosing when to reach a member",
        sentence="When you shop: {value}.",
        choices=habits.DAYPARTS,
    ),
    Feature(
        name="discount_share",
        label="Share of price taken off",
        unit="share",
        kind="share",
        source=LAST_YEAR,
        purpose=RELEVANCE,
        sentence="Discounts took {value} off what you bought.",
    ),
    Feature(
        name="discount_sensitivity",
        label="Bought at a discount, against the average",
        unit="times average",
        kind="ratio",
        source=LAST_YEAR,
        purpose=RELEVANCE,
        sentence="The part of your products that you buy at a discount is {value} times the average member's.",
    ),
    *(_attention("opens", "Messages opened", "messages", "opened {value} messages", days) for days in (30, 90)),
    *(_attention("clicks", "Links followed", "links", "followed {value} links", days) for days in (30, 90)),
    *(
        _attention("views", "Offers and products seen", "times", "looked {value} times at what we offer", days)
        for days in (30, 90)
    ),
    Feature(
        name="engaged_days",
        label="Days since last opening, following or looking",
        unit="days",
        kind="days",
        source="events",
        purpose=ATTENTION,
        sentence="You last opened or looked at something of ours {value} days ago.",
    ),
    Feature(
        name="age",
        label="Age (at least)",
        unit="years",
        kind="count",
        source=RECORD + " (year of birth)",
        purpose=ELIGIBILITY,
        sentence="You are at least {value} years old.",
        sensitive=True,
    ),
    Feature(
        name="tier",
        label="Tier",
        unit="tier",
        kind="category",
        source=RECORD,
        purpose=ELIGIBILITY,
        sentence="Your tier is {value}.",
    ),
    Feature(
        name="home_store",
        label="Home store",
        unit="store",
        kind="category",
        source=RECORD,
        purpose=AUDIENCE,
        sentence="Your home store is {value}.",
    ),
    Feature(
        name="home_region",
        label="Region of the home store",
        unit="region",
        kind="category",
        source=RECORD + " and the store's",
        purpose=AUDIENCE,
        sentence="Your home store is in {value}.",
    ),
    Feature(
        name="postcode_area",
        label="Postcode area",
        unit="area",
        kind="category",
        source=RECORD + " (how the postcode begins)",
        purpose=AUDIENCE,
        sentence="Your postcode begins with {value}.",
    ),
)
FIXED = {feature.name: feature for feature in _FIXED}
