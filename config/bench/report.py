"""The page of a campaign's report, and of the programme's, as the first of a process, against what is promised of it.

The campaign is recorded as decided on for all members, who bought before it and in its window; nothing was sent.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from analytics import freezing
from analytics.models import Report
from analytics.programme import freezing as quarters
from analytics.programme import stretches
from campaigns import building, holdouts
from campaigns.models import Run
from campaigns.models.decision import HELD_OUT
from config.bench import persist, reached, scratch, shopping
from config.bench.frame import Contest, Figure, Job, Outcome, Say, Size
from config.bench.opening import Opened, opened
from loyalty import roles

BASELINE, OURS = "promised", "the first page of a process"
GOAL, PROMISED_SECONDS = 1.0, 1.0
OFFERS, PAGES = 10, 100
SINCE, DAYS = reached.NOON.replace(hour=0), 14
UNTIL = SINCE + DAYS * reached.DAY
SHARE_HELD_OUT = Decimal("0.1")


@dataclass(frozen=True)
class Frozen:
    """Seconds that freezing took, and the page of what was frozen."""

    seconds: float
    page: Opened

    def figures(self, name: str) -> dict[str, Figure]:
        return {
            f"{name}_frozen_in_seconds": round(self.seconds, 1),
            f"{name}_first_page_seconds": round(self.page.first, 3),
            f"{name}_page_median_ms": round(1000 * statistics.median(self.page.again), 1),
            f"{name}_page_99_in_100_ms": round(1000 * sorted(self.page.again)[int(0.99 * len(self.page.again))], 1),
        }


def run(size: Size, say: Say) -> Outcome:
    """Freezes both reports once, and opens each page in a process of its own, then a hundred times more."""
    with scratch.database():
        say("making members, their purchases, and a campaign that decided on all of them")
        made, held_out = _decided(size.members)
        shopping.purchases(size.members, since=SINCE, until=UNTIL)
        say("freezing the report of the campaign")
        session = _analyst()
        campaign = _measured(
            lambda: freezing.freeze(made, as_of=UNTIL), reverse("report", args=[made.campaign.ref]), session
        )
        say("freezing the report of the programme")
        programme = _measured(lambda: quarters.freeze_all(as_of=UNTIL), reverse("programme"), session)
        arms = {arm.arm: arm.members for arm in Report.objects.of(made).get().told.arms}
        agrees = arms.get(HELD_OUT) == held_out and f"{held_out:,}" in campaign.page.content
    return _outcome(size, campaign, programme, agrees=agrees)


JOB = Job("report: the page of a report opens within a second, though it is the first that a process is asked for", run)


def _decided(members: int) -> tuple[Run, int]:
    """A run whose decisions are in the log, and how many members it held out; the programme's holdouts were drawn."""
    drawn = SINCE - stretches.WASH_OUT - DAYS * reached.DAY
    holdouts.draw(begins=drawn.date(), universal_share=Decimal("0.02"), generic_share=Decimal(0), by=None, at=drawn)
    reached.members(members)
    terms = reached.offers(OFFERS)
    campaign = building.create("Bench", by=None, at=reached.NOON, share_held_out=SHARE_HELD_OUT)
    made = reached.run(
        campaign,
        terms,
        state=Run.State.FINISHED,
        outcomes_from=SINCE,
        outcomes_until=UNTIL,
        share_held_out=float(SHARE_HELD_OUT),
    )
    plan = persist.drawn(members, OFFERS)
    persist.persist(made, plan)
    return made, int(np.count_nonzero(plan.held_out))


def _analyst() -> str:
    user = User.objects.create_user("analyst")
    user.groups.add(Group.objects.get_or_create(name=roles.ANALYST)[0])
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _measured(freeze: Callable[[], object], address: str, session: str) -> Frozen:
    began = time.perf_counter()
    freeze()
    seconds = time.perf_counter() - began
    return Frozen(seconds, opened(address, session=session, database=connection.settings_dict["NAME"], times=PAGES))


def _outcome(size: Size, campaign: Frozen, programme: Frozen, *, agrees: bool) -> Outcome:
    slower = max(campaign.page.first, programme.page.first)
    times = Contest((BASELINE, OURS), (PROMISED_SECONDS,), (slower,), agrees)
    return times.outcome(
        "report",
        size,
        goal=GOAL,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        figures={
            **campaign.figures("campaign"),
            **programme.figures("programme"),
            "purchase_lines_per_member": shopping.LINES_EACH,
            "load_average": round(os.getloadavg()[0], 1),
        },
    )
