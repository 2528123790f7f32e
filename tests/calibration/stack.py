"""Campaigns that change nothing, through everything: assigned, sent or withheld, loaded as files, reported.

All are launched at once over the same members, each by a salt of its own, and what members then buy comes in as a file.
Chance alone tells the arms of each apart, so that of their reports one in twenty may find a difference.
"""

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from analytics import freezing
from analytics.body import Body
from campaigns import building, launching, run
from campaigns.models import Campaign, Run
from config.kinds import TARGETS
from loyalty import profiles, segmentation
from loyalty.loading import load
from loyalty.models import Consent, Member
from loyalty.models.consent import Channel, Purpose
from offers.models import Offer
from tests import making
from tests.campaigns.conftest import TODAY

DAYS_BEFORE, DAYS = 70, 14
SHARE_HELD_OUT = 0.2
VISITS_A_DAY = 0.08
CLOSED = making.NOON + (DAYS + 1) * making.DAY
COLUMNS = ("line_ref", "basket_ref", "member_ref", "purchased_at", "quantity", "net_amount", "margin_amount")


def open_house(members: int, folder: Path, rng: np.random.Generator) -> None:
    """Members who agreed to messages in the app, with all that they bought until today."""
    Member.objects.bulk_create(Member(ref=f"m{number:05}") for number in range(members))
    granted = {"purpose": Purpose.MARKETING, "channel": Channel.APP, "granted": True, "at": making.NOON - making.DAY}
    Consent.objects.bulk_create(
        Consent(member=member, recorded_at=making.NOON, source="test", **granted) for member in Member.objects.all()
    )
    bring(shopping(members, -DAYS_BEFORE, 0, rng), folder)
    profiles.build(TODAY, at=making.NOON)


def shopping(members: int, first: int, last: int, rng: np.random.Generator) -> list[dict[str, object]]:
    """Lines of days from today's noon on: few members buy much, a few bring something back, most buy nothing."""
    often = rng.gamma(1.5, 1 / 1.5, members)[:, None] * VISITS_A_DAY
    member, day = np.nonzero(rng.random((members, last - first)) < often)
    spend = rng.lognormal(2.5, 1.0, len(member)) * np.where(rng.random(len(member)) < 0.05, -0.5, 1.0)
    hour = rng.integers(-4, 8, len(member))
    return [
        {
            "line_ref": f"l{first}-{number}",
            "basket_ref": f"b{first}-{number}",
            "member_ref": f"m{who:05}",
            "purchased_at": (making.NOON + (first + int(when) + 1) * making.DAY).replace(hour=12 + int(at)).isoformat(),
            "quantity": 1 if amount > 0 else -1,
            "net_amount": f"{amount:.2f}",
            "margin_amount": f"{0.3 * amount:.2f}",
        }
        for number, (who, when, at, amount) in enumerate(zip(member, day, hour, spend, strict=True))
    ]


def bring(lines: Sequence[dict[str, object]], folder: Path) -> None:
    path = folder / "purchases.csv"
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        rows.writerows(lines)
    brought = load(TARGETS["purchases"], path, at=making.NOON)
    assert (brought.loaded, brought.rejected) == (len(lines), 0)


def launched(number: int, offer: Offer) -> Run:
    """Build a campaign for everybody, launch it and see it through."""
    segment = segmentation.save(None, name=f"Everybody {number}", rule={"all": []}, by=None, at=making.NOON).segment
    campaign = building.create(
        f"A/A {number}",
        by=None,
        at=making.NOON,
        hypothesis="Nothing changes.",
        primary_metric="margin",
        exit_criterion="None.",
        segment=segment,
        channels=[Channel.APP],
        outcome_days=DAYS,
        share_held_out=Decimal(str(SHARE_HELD_OUT)),
        starts_at=making.NOON - making.DAY,
        ends_at=making.NOON + DAYS * making.DAY,
    )
    building.choose_offers(campaign, [offer])
    Campaign.objects.filter(pk=campaign.pk).update(salt=f"calibration-{number}")
    begun = launching.launch(campaign, by=None, at=making.NOON, on=TODAY)
    run.work(begun.pk, now=lambda: making.NOON)
    begun.refresh_from_db()
    assert begun.state == Run.State.FINISHED, begun.sentence
    return begun


def reported(runs: Sequence[Run]) -> list[Body]:
    return [freezing.freeze(each, as_of=CLOSED).told for each in runs]
