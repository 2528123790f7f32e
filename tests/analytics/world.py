"""A small retailer whose members shop by chance, written to the database in a few statements, as clean as can be.

Tests spoil one thing of it at a time. Everything comes from a seeded generator, so that it is the same every time.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db import connection

from campaigns import holdouts
from campaigns.assignment import holdout
from campaigns.models import Campaign, Decision, Draw, Run
from loyalty.models import Event, Member, Snapshot
from tests import making

DAYS_BEFORE, DAYS = 60, 14
SINCE = making.NOON.replace(hour=0)
UNTIL = SINCE + DAYS * making.DAY
# Midday and the early evening.
HOURS = np.array([9, 10, 11, 12, 12, 13, 16, 17, 17, 18, 18, 19])
VISITS_A_DAY = 0.2
RETURNED = 0.04

LINES = """
    INSERT INTO loyalty_purchase (line_ref, basket_ref, member_id, purchased_at, quantity, net_amount, margin_amount,
                                  channel, offer_ref)
    SELECT ref, 'b' || ref, member, %(since)s::timestamptz + second * interval '1 second', quantity, net, net * 0.3,
           'store', offer
    FROM unnest(%(ref)s::text[], %(member)s::bigint[], %(second)s::bigint[], %(quantity)s::int[], %(net)s::numeric[],
                %(offer)s::text[]) line (ref, member, second, quantity, net, offer)
"""


@dataclass(frozen=True, eq=False)
class Lines:
    """Purchase lines (m,): whose, on which day from the window's first on, in which second of it, and how much."""

    ref: np.ndarray
    member: np.ndarray
    day: np.ndarray
    second: np.ndarray
    quantity: np.ndarray
    net: np.ndarray
    offer: np.ndarray

    def take(self, chosen: np.ndarray) -> "Lines":
        return Lines(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def changed(self, **columns: Any) -> "Lines":
        return replace(self, **columns)

    @property
    def inside(self) -> np.ndarray:
        return self.day >= 0


@dataclass(frozen=True, eq=False)
class World:
    """Members and their arms (n,) as the salt gives them."""

    campaign: Campaign
    run: Run
    ids: np.ndarray
    arms: np.ndarray
    rng: np.random.Generator

    @property
    def treated(self) -> np.ndarray:
        return self.arms == "treated"

    def shopping(self, *, effect: float = 0.0) -> Lines:
        """What everybody buys; in the window the treated pay so much more a visit."""
        n, days = len(self.ids), DAYS_BEFORE + DAYS
        member, day = np.nonzero(self.rng.random((n, days)) < VISITS_A_DAY)
        m = len(member)
        net = self.rng.gamma(2.0, 5.0, m) + np.where(self.treated[member] & (day >= DAYS_BEFORE), effect, 0.0)
        quantity = np.where(self.rng.random(m) < RETURNED, -1, 1)
        return Lines(
            ref=np.array([f"l{number}" for number in range(m)]),
            member=self.ids[member],
            day=day - DAYS_BEFORE,
            second=self.rng.choice(HOURS, m) * 3_600 + self.rng.integers(0, 3_600, m),
            quantity=quantity,
            net=np.round(net * quantity, 2),
            offer=np.full(m, ""),
        )

    def decide(self, chosen: np.ndarray | None = None) -> None:
        """Log the arms of all members, or of some."""
        rows = np.arange(len(self.ids)) if chosen is None else np.flatnonzero(chosen)
        offer = self.run.offers.get()
        Decision.objects.bulk_create(
            Decision(
                run=self.run,
                member_id=int(self.ids[row]),
                arm=self.arms[row],
                held_out=self.arms[row] == "held_out",
                **{"withheld" if self.arms[row] == "held_out" else "run_offer": offer},
                score=float(row % 10),
                at=SINCE,
            )
            for row in rows
        )


def buy(lines: Lines) -> None:
    asked = {
        "since": SINCE,
        "ref": lines.ref.tolist(),
        "member": lines.member.tolist(),
        "second": (lines.day * 86_400 + lines.second).tolist(),
        "quantity": lines.quantity.tolist(),
        "net": lines.net.tolist(),
        "offer": lines.offer.tolist(),
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, asked)
        cursor.execute("ANALYZE loyalty_purchase, campaigns_decision, loyalty_member")  # as happens by itself in time


def click(members: np.ndarray, *, seconds_after: float) -> None:
    """Everybody clicks once, so long after the message."""
    at = SINCE + dt.timedelta(seconds=seconds_after)
    Event.objects.bulk_create(Event(ref=f"e{member}", member_id=int(member), at=at, kind="click") for member in members)


def made(
    terms: Any, *, members: int = 1_200, share_held_out: float = 0.5, draw: Draw | None = None, seed: int = 1
) -> World:
    """Members, a campaign and its run; nothing is decided or bought yet."""
    Member.objects.bulk_create(Member(ref=f"w{number}") for number in range(members))
    ids = np.array(Member.objects.order_by("pk").values_list("pk", flat=True))
    campaign = making.campaign(
        state=Campaign.State.RUNNING, share_held_out=share_held_out, primary_metric="margin", salt=f"salt-of-{seed}"
    )
    snapshot = Snapshot.objects.create(as_of=SINCE.date(), started_at=SINCE)
    run = making.run(
        campaign,
        terms,
        state=Run.State.FINISHED,
        snapshot=snapshot,
        share_held_out=share_held_out,
        draw=draw,
        shares=holdouts.layers(campaign, draw).by_name,
        outcomes_from=SINCE,
        outcomes_until=UNTIL,
    )
    return World(campaign, run, ids, drawn(campaign, draw), np.random.default_rng(seed))


def drawn(campaign: Campaign, draw: Draw | None = None) -> np.ndarray:
    """(n,) the arms, by the salts of the campaign and of the programme."""
    refs = list(Member.objects.order_by("pk").values_list("ref", flat=True))
    return np.array([arm.label for arm in holdout.Arm])[holdout.layers(refs, holdouts.layers(campaign, draw))]
