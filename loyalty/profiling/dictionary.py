"""What each feature says: label, unit, source, purpose, and the sentence for the member."""

from loyalty.profiling import habits, lifecycle, rfm
from loyalty.profiling.table import Feature, Kind

PURCHASES = "purchase lines"
LAST_YEAR = "purchase lines of the last 365 days"
RECORD = "the membership record"
AUDIENCE = "choosing whom a campaign is for"
RELEVANCE = "choosing offers that fit"
ELIGIBILITY = "checking who may have an offer"

# A retailer's own column is sensitive when one of these is a word of its name.
SENSITIVE_WORDS = frozenset(
    {"age", "birth", "birthday", "disability", "ethnicity", "gender", "health", "income", "marital", "nationality"}
    | {"orientation", "political", "politics", "pregnancy", "pregnant", "race", "religion", "sex", "union"}
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
    Feature(
        name="baskets_365",
        label="Baskets in the last 365 days",
        unit="baskets",
        kind="count",
        source=LAST_YEAR,
        purpose=AUDIENCE,
        sentence="You bought {value} baskets in the last 365 days.",
    ),
    Feature(
        name="spend_365",
        label="Spend in the last 365 days",
        unit="money",
        kind="money",
        source=LAST_YEAR,
        purpose=RELEVANCE,
        sentence="You spent {value} in the last 365 days, returns taken off.",
    ),
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
        name="discount_share",
        label="Share of price taken off",
        unit="share",
        kind="share",
        source=LAST_YEAR,
        purpose=RELEVANCE,
        sentence="Discounts took {value} off what you bought.",
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
)
FIXED = {feature.name: feature for feature in _FIXED}


def affinity(department: str) -> Feature:
    """The feature of a department's affinity."""
    return Feature(
        name=f"affinity:{department}",
        label=f"Affinity for {department}",
        unit="times average",
        kind="ratio",
        source=PURCHASES + ", recent ones counting more",
        purpose=RELEVANCE,
        sentence=f"The part of your spend that goes to {department} is {{value}} times the average member's.",
    )


def attribute(name: str, kind: Kind) -> Feature:
    """The feature of a retailer's own column, marked as sensitive where its name says so."""
    words = name.replace("_", " ").strip()
    label = words[:1].upper() + words[1:]
    return Feature(
        name=f"attr_{name}",
        label=label,
        unit="",
        kind=kind,
        source="the retailer's own column attr_" + name,
        purpose=AUDIENCE,
        sentence=f"{label}: {{value}}.",
        sensitive=not SENSITIVE_WORDS.isdisjoint(words.casefold().split()),
    )
