"""The simulated retailer's records as Arrow tables with the columns of the file formats."""

import numpy as np
import pyarrow as pa

from config.demo.retailer import people, pilot
from config.demo.retailer.chance import Ints
from config.demo.retailer.columns import dates, extended, money, named, reference, times
from config.demo.retailer.events import KINDS, Events
from config.demo.retailer.members import NEVER
from config.demo.retailer.places import places
from config.demo.retailer.responses import Shopping
from config.demo.retailer.world import CHANNELS, World, date_of

DAYS_OFFERS_OUTLIVE_HISTORY = 365
WORDING = {
    "email": "Yes, send me offers by e-mail.",
    "app": "Yes, show me offers in the app.",
    "": "Choose my offers by what I buy.",
}


def stores(world: World) -> pa.Table:
    rows = [
        {"store_ref": store.ref, "name": store.name, "region": store.region, "postcode": store.postcode}
        for store in world.catalogue.stores
    ]
    return pa.Table.from_pylist(rows)


def products(world: World) -> pa.Table:
    listed = world.catalogue.products
    return pa.table(
        {
            "product_ref": [product.ref for product in listed],
            "name": [product.name for product in listed],
            "category": [product.category for product in listed],
            "brand": [product.brand for product in listed],
            "price": money(world.catalogue.price),
            "unit_margin": money(world.catalogue.unit_margin),
            "flags": pa.array([";".join(product.flags) or None for product in listed], pa.string()),
        }
    )


def offers(world: World) -> pa.Table:
    """Valid from the first day of the history until a year after its end."""
    listing = world.offers.listing
    of_type = {
        "name": pa.string(),
        "kind": pa.string(),
        "category": pa.string(),
        "value": pa.float64(),
        "minimum_spend": pa.float64(),
        "cost": pa.float64(),
        "budget": pa.float64(),
        "limit_total": pa.int64(),
    }
    columns = {name: pa.array([offer.get(name) for offer in listing], form) for name, form in of_type.items()}
    every = {
        "channels": "email;app",
        "limit_per_member": 1,
        "valid_from": world.first_day,
        "valid_until": date_of(world.end + DAYS_OFFERS_OUTLIVE_HISTORY),
    }
    columns |= {name: pa.array([value] * len(listing)) for name, value in every.items()}
    return pa.table({"offer_ref": pa.array(world.offers.refs), **columns})


def members(world: World, *, since: int, until: int) -> pa.Table:
    """What the retailer knows of those who joined from day `since` to before day `until`, by their references."""
    member = np.arange(len(world))
    stores = [store.ref for store in world.catalogue.stores]
    everybody = pa.table(
        {
            "member_ref": _member_references(member),
            "joined_on": dates(world.traits.joined),
            "home_store_ref": named(stores, world.traits.home_store.astype(np.int64)),
        }
        | people.details(world)
    )
    return everybody.filter(pa.array((world.traits.joined >= since) & (world.traits.joined < until)))


def consents(world: World, *, since: int, until: int) -> pa.Table:
    """Grants and withdrawals per channel, and the refusals of being chosen for personally, from day `since` to before
    day `until`, by day."""
    refused = np.where(people.personalisation_refused(world), np.maximum(world.traits.joined, world.start), NEVER)
    within = (since, until)
    parts = [_consents(world, purpose="personalisation", channel="", day=refused, granted=False, within=within)]
    for channel in ("email", "app"):
        given = people.marketing(world, channel)
        for day, granted in ((given.granted, True), (given.withdrawn, False)):
            parts.append(
                _consents(world, purpose="marketing", channel=channel, day=day, granted=granted, within=within)
            )
    return pa.concat_tables(parts).sort_by([("at", "ascending"), ("member_ref", "ascending")])


def purchases(world: World, shopped: Shopping) -> pa.Table:
    """One row per line."""
    lines = shopped.lines
    of_baskets = _of_baskets(world, shopped)
    return pa.table(
        {
            "line_ref": extended(of_baskets["basket_ref"], lines.number),
            "product_ref": named([product.ref for product in world.catalogue.products], lines.product),
            "quantity": lines.quantity,
            "net_amount": money(lines.net),
            "discount_amount": money(lines.discount),
            "margin_amount": money(lines.margin),
            "offer_ref": named(world.offers.refs, lines.offer),
        }
        | of_baskets
    )


def _of_baskets(world: World, shopped: Shopping) -> dict[str, pa.Array]:
    """What all lines of a basket share, repeated on each."""
    baskets = shopped.baskets
    place = places(world, baskets)
    columns = {
        "basket_ref": reference("B", (baskets.day, 5), (baskets.member + 1, 6), (baskets.trip, 3)),
        "member_ref": _member_references(baskets.member),
        "purchased_at": times(baskets.day, place.minute),
        "store_ref": named([store.ref for store in world.catalogue.stores], place.store),
        "channel": named(CHANNELS, place.channel),
    }
    row = pa.array(shopped.lines.basket)
    return {name: column.take(row) for name, column in columns.items()}


def events(world: World, happened: Events) -> pa.Table:
    return pa.table(
        {
            "event_ref": reference(
                "E",
                (happened.day, 5),
                (happened.member + 1, 6),
                (happened.trip, 3),
                (happened.kind * len(CHANNELS) + happened.channel, 2),
            ),
            "member_ref": _member_references(happened.member),
            "at": times(happened.day, happened.minute),
            "kind": named(KINDS, happened.kind),
            "channel": named(CHANNELS, happened.channel),
            "product_ref": named([product.ref for product in world.catalogue.products], happened.product),
            "offer_ref": named(world.offers.refs, happened.offer),
        }
    )


def campaigns(world: World) -> pa.Table:
    """The one past campaign."""
    row = {
        "campaign_ref": pilot.REF,
        "name": pilot.NAME,
        "hypothesis": pilot.HYPOTHESIS,
        "primary_metric": "spend",
        "design": "randomised",
        "share_held_out": pilot.SHARE_HELD_OUT,
        "outcome_days": pilot.OUTCOME_DAYS,
        "contact_cost": pilot.CONTACT_COST,
    }
    begins, ends = (_sending_time(world.end - pilot.DAYS_BEFORE_END + days, 1) for days in (0, pilot.OUTCOME_DAYS))
    return pa.Table.from_pylist([row]).append_column("starts_at", begins).append_column("ends_at", ends)


def assignments(world: World, trial: pilot.Pilot) -> pa.Table:
    """One row per member of the trial's audience, with the probability of what they were given."""
    audience = len(trial.member)
    share_of_each = (1 - pilot.SHARE_HELD_OUT) / len(pilot.OFFERS)
    return pa.table(
        {
            "campaign_ref": pa.array([pilot.REF] * audience),
            "member_ref": _member_references(trial.member),
            "arm": named(("treated", "held_out"), trial.held_out.astype(np.int64)),
            "offer_ref": named(world.offers.refs, np.where(trial.held_out, -1, trial.offer)),
            "at": _sending_time(trial.day, audience),
            "probability": np.where(trial.held_out, pilot.SHARE_HELD_OUT, share_of_each),
        }
    )


def _sending_time(day: int, rows: int) -> pa.Array:
    return times(np.full(rows, day), np.full(rows, pilot.SENT_MINUTE))


def _consents(
    world: World, *, purpose: str, channel: str, day: Ints, granted: bool, within: tuple[int, int]
) -> pa.Table:
    since, until = within
    member = np.flatnonzero((since <= day) & (day < min(until, NEVER)))
    drawn = world.fixed(f"minute of consent|{purpose}|{channel}|{granted}", member)
    texts = {
        "purpose": purpose,
        "channel": channel or None,
        "wording": WORDING[channel],
        "source": "joining form" if granted else "preference page",
    }
    return pa.table(
        {
            "member_ref": _member_references(member),
            "granted": pa.array([granted] * len(member), pa.bool_()),
            "at": times(day[member], np.floor(8 * 60 + 720 * drawn).astype(np.int64)),
        }
        | {name: pa.array([text] * len(member), pa.string()) for name, text in texts.items()}
    )


def _member_references(member: Ints) -> pa.Array:
    return reference("M", (member + 1, 6))
