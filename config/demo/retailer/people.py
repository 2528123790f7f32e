"""What the retailer's files say of each member: made-up names and addresses, and what they agreed to and when."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from config.demo.retailer.chance import Floats, Ints
from config.demo.retailer.columns import named, reference
from config.demo.retailer.members import NEVER
from config.demo.retailer.names import FIRST, LAST
from config.demo.retailer.rows import Rows
from config.demo.retailer.world import World, date_of

# Reserved for documentation and drama: mail to these domains and calls to these numbers reach nobody (RFC 2606, Ofcom).
DOMAINS = ("example.com", "example.net", "example.org")
PHONE = "+44 7700 900"

SHARE_WITH_EMAIL = 0.92
SHARE_WITH_PHONE = 0.45
SHARE_WITH_BIRTH_YEAR = 0.75
SHARE_WHO_AGREE = {"email": 0.68, "app": 0.38}
SHARE_WHO_WITHDRAW = 0.09
SHARE_WHO_REFUSE_PERSONALISATION = 0.04

TIERS = ("bronze", "silver", "gold")


@dataclass(frozen=True, eq=False)
class Consents(Rows):
    """One row per member (n,): the day consent was granted and the day it was withdrawn (`NEVER`: it was not)."""

    granted: Ints
    withdrawn: Ints

    def holds_on(self, day: int) -> NDArray[np.bool_]:
        return (self.granted <= day) & (day < self.withdrawn)


def has_email(world: World) -> NDArray[np.bool_]:
    return _draw(world, "has e-mail") < SHARE_WITH_EMAIL


def marketing(world: World, channel: str) -> Consents:
    """Consent to marketing by "email" or "app": most grant it when they join, some withdraw it later."""
    joined = world.traits.joined
    agrees = _draw(world, f"agrees {channel}") < SHARE_WHO_AGREE[channel]
    if channel == "email":
        agrees &= has_email(world)
    leaves = agrees & (_draw(world, f"withdraws {channel}") < SHARE_WHO_WITHDRAW)
    since = np.maximum(joined, world.start) + 1
    span = np.maximum(world.end - since, 1)
    when = since + np.floor(span * _draw(world, f"withdraws {channel} when")).astype(np.int64)
    return Consents(np.where(agrees, joined, NEVER), np.where(leaves, np.minimum(when, world.end - 1), NEVER))


def personalisation_refused(world: World) -> NDArray[np.bool_]:
    """Who said no to being chosen for personally."""
    return _draw(world, "refuses personalisation") < SHARE_WHO_REFUSE_PERSONALISATION


def details(world: World) -> dict[str, pa.Array]:
    """Names, addresses and attributes of all members, by the columns of the members file."""
    first = named(FIRST, _pick(world, "first name", len(FIRST)))
    last = named(LAST, _pick(world, "last name", len(LAST)))
    birth_year = date_of(world.end).year - world.traits.age
    return {
        "first_name": first,
        "last_name": last,
        "email": _emails(world, first, last),
        "phone": _phones(world),
        "birth_year": pa.array(birth_year, mask=_draw(world, "age known") > SHARE_WITH_BIRTH_YEAR),
        "postcode": reference("LW", (1 + _pick(world, "district", 8), 2), (100 + _pick(world, "street", 900), 3)),
        "tier": named(TIERS, np.searchsorted([0.015, 0.045], world.traits.rate)),
        "attr_household_size": pa.array(1 + _pick(world, "household", 5), mask=_draw(world, "household known") < 0.4),
        "attr_has_app": pa.array(marketing(world, "app").granted < NEVER),
    }


def _emails(world: World, first: pa.Array, last: pa.Array) -> pa.Array:
    number = pa.array(np.arange(1, len(world) + 1)).cast(pa.string())
    domain = named(DOMAINS, _pick(world, "domain", len(DOMAINS)))
    mailbox = pc.binary_join_element_wise(first, last, number, ".")
    address = pc.ascii_lower(pc.binary_join_element_wise(mailbox, domain, "@"))
    return pc.if_else(pa.array(has_email(world)), address, pa.scalar(None, pa.string()))


def _phones(world: World) -> pa.Array:
    number = pc.binary_join_element_wise(PHONE, reference("", (_pick(world, "phone", 1000), 3)), "")
    return pc.if_else(pa.array(_draw(world, "has phone") < SHARE_WITH_PHONE), number, pa.scalar(None, pa.string()))


def _pick(world: World, what: str, choices: int) -> Ints:
    return np.floor(_draw(world, what) * choices).astype(np.int64)


def _draw(world: World, what: str) -> Floats:
    return world.fixed(f"people|{what}", np.arange(len(world)))
