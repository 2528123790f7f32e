"""Who was exposed to what: held-out members who got something, other campaigns, and arms as the salt gives them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Q

from analytics.gathering.members import Members
from analytics.measurement.moments import Moments
from campaigns import holdouts
from campaigns.assignment import holdout
from campaigns.models import Run
from loyalty import aliases
from loyalty.profiles import refs
from loyalty.profiles.positions import positions

# What a campaign set going goes on for a while after its window.
WASH_OUT = dt.timedelta(days=14)

# Held-out members who were sent something of the run, or redeemed an offer of it that nothing ever gave them.
REACHED = """
    SELECT count(DISTINCT member_id) FROM (
        SELECT delivery.member_id FROM campaigns_delivery delivery
        JOIN campaigns_decision decision USING (run_id, member_id, rank)
        WHERE run_id = %(run)s AND decision.held_out AND delivery.state = 'sent'
        UNION ALL
        SELECT decision.member_id
        FROM campaigns_decision decision
        JOIN loyalty_purchase line ON line.member_id = decision.member_id AND line.quantity > 0
             AND line.purchased_at >= %(since)s AND line.purchased_at < %(until)s
        JOIN offers_offer offer ON offer.ref = line.offer_ref
        JOIN campaigns_runoffer ours ON ours.run_id = decision.run_id AND ours.offer_id = offer.id
        WHERE decision.run_id = %(run)s AND decision.rank = 0 AND decision.held_out AND NOT EXISTS (
            SELECT FROM campaigns_decision other JOIN campaigns_runoffer given ON given.id = other.run_offer_id
            WHERE other.member_id = decision.member_id AND given.offer_id = offer.id
        )
    ) reached
"""
# Other tools do not always say what they gave.
ELSEWHERE = """
    SELECT mine.arm, count(DISTINCT mine.member_id)
    FROM campaigns_decision mine JOIN campaigns_decision theirs ON theirs.member_id = mine.member_id
    WHERE mine.run_id = %(run)s AND mine.rank = 0 AND theirs.run_id = ANY(%(others)s) AND theirs.rank = 0
      AND (theirs.run_offer_id IS NOT NULL OR theirs.run_id = ANY(%(imported)s) AND theirs.arm = 'treated')
    GROUP BY mine.arm
"""
BY_DAY = """
    SELECT (at AT TIME ZONE %(zone)s)::date, arm, count(*) FROM campaigns_decision
    WHERE run_id = %(run)s AND rank = 0 GROUP BY 1, 2
"""
BY_CHANNEL = """
    SELECT channel, 'treated', count(DISTINCT member_id) FROM campaigns_delivery
    JOIN campaigns_decision decision USING (run_id, member_id, rank)
    WHERE run_id = %(run)s AND arm = 'treated' GROUP BY channel
    UNION ALL
    SELECT channel, 'held_out', count(DISTINCT member_id) FROM campaigns_ghost
    JOIN campaigns_decision decision USING (run_id, member_id, rank)
    WHERE run_id = %(run)s AND arm = 'held_out' GROUP BY channel
"""
# Whole seconds, whose sums are the same in whatever order they are added.
SENT_AFTER = """
    SELECT 'treated', count(*), coalesce(sum(seconds), 0), coalesce(sum(seconds * seconds), 0) FROM (
        SELECT extract(epoch FROM at - %(since)s)::bigint AS seconds FROM campaigns_delivery
        WHERE run_id = %(run)s AND state = 'sent'
    ) told
    UNION ALL
    SELECT 'held_out', count(*), coalesce(sum(seconds), 0), coalesce(sum(seconds * seconds), 0) FROM (
        SELECT extract(epoch FROM at - %(since)s)::bigint AS seconds FROM campaigns_ghost
        WHERE run_id = %(run)s AND state = 'would_send'
    ) told
"""
HOUR = 3_600

# What a cut into parts comes to: the members of each part by arm.
Parts = dict[str, dict[str, int]]


@dataclass(frozen=True, eq=False)
class Exposure:
    """`reached`: held-out members who got something of the run after all.

    `elsewhere`: members by arm whom the `others`, campaigns at work in the same time, gave something. `several`: those
    in two arms under two references. `moved`: those in another arm than the salt gives them, None where none did.
    `sent_after`: hours from the beginning of the window to each message, sent to the treated or withheld.
    """

    reached: int
    others: tuple[str, ...]
    elsewhere: dict[str, int]
    several: int
    moved: int | None
    by_day: Parts
    by_channel: Parts
    sent_after: dict[str, Moments]


def exposure(run: Run, members: Members, *, since: dt.datetime, until: dt.datetime) -> Exposure:
    others = _others(run)
    asked = {"run": run.pk, "since": since, "until": until, "zone": settings.TIME_ZONE}
    return Exposure(
        reached=_rows(REACHED, asked)[0][0],
        others=tuple(other.campaign.name for other in others),
        elsewhere=_elsewhere(run, others),
        several=_in_several_arms(members),
        moved=_moved(run, members),
        by_day=_parts(_rows(BY_DAY, asked)),
        by_channel=_parts(_rows(BY_CHANNEL, asked)),
        sent_after={arm: _hours(*sums) for arm, *sums in _rows(SENT_AFTER, asked)},
    )


def _elsewhere(run: Run, others: Sequence[Run]) -> dict[str, int]:
    if not others:
        return {}
    imported = [other.pk for other in others if other.campaign.imported]
    return dict(_rows(ELSEWHERE, {"run": run.pk, "others": [other.pk for other in others], "imported": imported}))


def _others(run: Run) -> list[Run]:
    """Runs of other campaigns whose effect reaches into this window."""
    at_work = Q(outcomes_from__lt=run.outcomes_until, outcomes_until__gt=run.outcomes_from - WASH_OUT)
    found = Run.objects.filter(at_work).exclude(campaign=run.campaign_id).exclude(state=Run.State.FAILED)
    return list(found.select_related("campaign").order_by("outcomes_from", "pk"))


def _in_several_arms(members: Members) -> int:
    """Members who are one person with another in the run, and in another arm."""
    known = aliases.survivors()
    first, second = positions(members.ids, known.member), positions(members.ids, known.survivor)
    both = (first >= 0) & (second >= 0)
    return int(np.count_nonzero(members.arm[first[both]] != members.arm[second[both]]))


def _moved(run: Run, members: Members) -> int | None:
    if run.snapshot_id is None or not len(members):  # another tool's, which drew by other means
        return None
    drawn = holdout.layers(refs.read(members.ids), holdouts.layers(run.campaign, run.draw))
    codes = np.array([_code(arm) for arm in members.arms])
    return int(np.count_nonzero(drawn != codes[members.arm]))


def _code(arm: str) -> int:
    return next((each.value for each in holdout.Arm if each.label == arm), -1)


def _hours(messages: int, seconds: Decimal, squares: Decimal) -> Moments:
    return Moments(messages, float(seconds) / HOUR, float(squares) / HOUR**2)


def _parts(rows: Sequence[tuple[object, str, int]]) -> Parts:
    found: Parts = {}
    for part, arm, count in sorted(rows, key=str):
        found.setdefault(str(part), {})[arm] = count
    return found


def _rows(query: str, asked: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
