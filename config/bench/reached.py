"""A programme of as many members as wanted in the tables of the application, with profiles, consents and offers."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.auth.models import Group, User
from django.db import connection

from campaigns import building
from campaigns.models import Campaign, Chunk, Run, RunOffer, Scorer
from campaigns.planning import Inputs, Limit
from config.bench import many_members
from config.bench.many_members import AS_OF, DEPARTMENTS
from loyalty import clock, roles, segmentation
from loyalty.models import Product, SegmentVersion, Snapshot
from loyalty.models.consent import Channel
from loyalty.profiling import snapshot as storage
from loyalty.profiling.refs import Refs
from offers import approval, catalog
from offers.models import Terms

NOON = dt.datetime.combine(AS_OF, dt.time(12), tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CONNECTIONS = 4
REF_BYTES = 10
# Of a run that keeps to all its limits: half of the offers are scarce, and some are for some members alone.
SCARCE_SHARE, BUDGET_EACH = 0.01, Decimal("0.02")
COLUMNS = ("average_basket", "age", "recency_days", *(f"affinity:{name}" for name in DEPARTMENTS))
MEMBERS = """
    INSERT INTO loyalty_member (id, ref, tier, postcode, attributes)
    SELECT n, 'M' || lpad(n::text, 9, '0'), '', '', '{}' FROM generate_series(%(first)s, %(last)s) n
"""
CONSENTS = """
    INSERT INTO loyalty_consent (member_id, purpose, channel, granted, at, wording, source, recorded_at)
    SELECT n, 'marketing', %(channel)s, true, %(at)s, '', 'bench', %(at)s
    FROM generate_series(%(first)s, %(last)s) n WHERE (hashint8(n) & 1023) < %(of_1024)s
"""


def members(count: int) -> None:
    """So many rows of members, numbered from 1."""
    insert(MEMBERS, count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE loyalty_member")


def snapshot(count: int, directory: Path) -> Snapshot:
    """Their profiles in files, as much of them as offers and scores ask for, and who agreed to e-mail."""
    text = np.array([f"M{number:09}".encode() for number in range(1, count + 1)]).view(np.uint8)
    refs = Refs.joined(text, np.full(count, REF_BYTES, dtype=np.int32))
    storage.write(many_members.profiles(count, only=COLUMNS), directory, refs=refs)
    insert(CONSENTS, count, channel=Channel.EMAIL, of_1024=1000, at=NOON - DAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE loyalty_consent")
    return Snapshot.objects.create(as_of=AS_OF, directory=str(directory), members=count, started_at=NOON, built_at=NOON)


def offers(count: int) -> list[Terms]:
    """So many approved offers, of several kinds and departments; every fifth is for who bought lately."""
    author, approver = _user(roles.MARKETER), _user(roles.APPROVER)
    return [_approved(number, author, approver) for number in range(count)]


def everybody() -> SegmentVersion:
    return segmentation.save(None, name="Everybody", rule={"all": []}, by=None, at=NOON)


def inputs(of: Snapshot, segment: SegmentVersion, terms: list[Terms], *, scorer: Scorer, each: int) -> Inputs:
    """A campaign for those who agreed, with up to `each` offers, 10 % held out and 5 % drawn at random."""
    campaign = building.create(
        f"Bench, {each} each",
        by=None,
        at=NOON,
        segment=segment.segment,
        channels=[Channel.EMAIL],
        share_held_out=Decimal("0.1"),
        share_explored=Decimal("0.05"),
        offers_each=each,
        total_budget=BUDGET_EACH * of.members * each,
    )
    scarce = max(1, int(of.members * SCARCE_SHARE * each))
    limits = [Limit(scarce if number % 2 else None, None) for number in range(len(terms))]
    return Inputs(campaign, of, segment, scorer, terms, limits, AS_OF)


def run(campaign: Campaign, terms: list[Terms], of: Snapshot | None = None, **known: Any) -> Run:
    """The record of a run of these offers, and of what else is known of it."""
    usual = {"started_at": NOON, "outcomes_from": NOON, "outcomes_until": NOON + DAY}
    made = Run.objects.create(campaign=campaign, snapshot=of, **{**usual, **known})
    RunOffer.objects.bulk_create(
        RunOffer(run=made, position=position, offer=each.offer, approval_id=each.pk)
        for position, each in enumerate(terms)
    )
    Chunk.objects.create(run=made, stage=Chunk.Stage.PLAN, number=0)
    return made


def insert(statement: str, count: int, **facts: str | int | dt.datetime) -> None:
    """Rows that are numbered from 1, by several connections at once: the database works on each by one process."""
    step = -(-count // CONNECTIONS)

    def put(first: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**facts, "first": first, "last": min(first + step - 1, count)})
        connection.close()  # a thread has one of its own

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(put, range(1, count + 1, step)))


def _user(role: str) -> User:
    user = User.objects.create_user(role)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def _approved(number: int, author: User, approver: User) -> Terms:
    kinds = (Terms.Kind.AMOUNT, Terms.Kind.PERCENT, Terms.Kind.POINTS)
    product = Product.objects.create(
        ref=f"p{number}", name=f"Product {number}", category=f"{DEPARTMENTS[number % len(DEPARTMENTS)]} > Some"
    )
    made = catalog.create(
        f"offer-{number:02}",
        by=author,
        at=clock.now(),
        texts={Channel.EMAIL: catalog.Text("Hello", "{{ offer }}")},
        name=f"Offer {number}",
        kind=kinds[number % len(kinds)],
        value=Decimal(1 + number % 7),
        product=product,
        category=product.category,
        channels=[Channel.EMAIL],
        reward_cost=Decimal(number % 5) / 10,
        eligibility={"feature": "recency_days", "is": "at_most", "value": 60} if number % 5 == 0 else None,
    )
    approval.submit(made, by=author, at=clock.now())
    approval.approve(made, by=approver, at=clock.now())
    made.refresh_from_db()
    return made
