"""The programme's holdouts: drawn once a year, by new salts, before anything of that year is sent."""

import datetime as dt
import secrets
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction

from campaigns.assignment.holdout import Layer, Layers, threshold
from campaigns.models import Campaign, Draw, Run
from loyalty import aliases, clock
from loyalty.refusal import Refused

MOST = Decimal("0.5")
AHEAD = dt.timedelta(days=30)  # before the present holdouts end, the next are drawn
THRESHOLD_BYTES = 8


def current(on: dt.date) -> Draw | None:
    """The holdouts that hold on that day, if any were drawn."""
    return Draw.objects.filter(begins__lte=on, ends__gt=on).first()


def draw(
    *,
    begins: dt.date,
    universal_share: Decimal,
    generic_share: Decimal,
    by: User | None,
    at: dt.datetime,
    ends: dt.date | None = None,
) -> Draw:
    """Draw the holdouts of a year from `begins` on, by fresh salts.

    Refused for a day that is over, for one on which others hold, and for shares that leave too few members.
    """
    ends = ends or _a_year_after(begins)
    _refuse_days(begins, ends, today=clock.local_day(at))
    _refuse_shares(universal=universal_share, generic=generic_share)
    with transaction.atomic():
        _refuse_overlap(begins, ends)
        return Draw.objects.create(
            begins=begins,
            ends=ends,
            zone=settings.TIME_ZONE,
            universal_share=universal_share,
            universal_salt=secrets.token_hex(16),
            universal_threshold=threshold(universal_share).to_bytes(THRESHOLD_BYTES, "big"),
            generic_share=generic_share,
            generic_salt=secrets.token_hex(16),
            drawn_by=by,
            drawn_at=at,
        )


def redraw(*, at: dt.datetime) -> Draw | None:
    """Draw the next holdouts with the shares of the last, where those are about to end or are over."""
    last, today = Draw.objects.order_by("-begins").first(), clock.local_day(at)
    if last is None or last.ends > today + AHEAD:
        return None
    return draw(
        begins=max(last.ends, today),
        universal_share=last.universal_share,
        generic_share=last.generic_share,
        by=None,
        at=at,
    )


def layers(campaign: Campaign, drawn: Draw | None) -> Layers:
    """The layers of a run of this campaign under these holdouts."""
    own = Layer(campaign.salt, campaign.share_held_out)
    if drawn is None:
        return Layers(own)
    return Layers(
        own,
        universal=Layer(drawn.universal_salt, drawn.universal_share),
        generic=Layer(drawn.generic_salt, drawn.generic_share),
    )


def universal(member_ids: Sequence[int], *, run: Run, at: dt.datetime) -> set[int]:
    """Those of these members who take part in nothing, by the run's holdouts or by those that hold now, as the database
    says, which refuses messages to them."""
    count = len(member_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT universal_holdout(%s::bigint[], %s::bigint[], %s::timestamptz[])",
            [list(member_ids), [run.pk] * count, [at] * count],
        )
        return {member for (member,) in cursor.fetchall()}


def barred(member_ids: Sequence[int], *, run: Run, at: dt.datetime) -> set[int]:
    """Those of these members, who are treated in the run, that must not be sent anything: who take part in nothing, or
    were found since to be one person with somebody whom the run holds out."""
    return universal(member_ids, run=run, at=at) | _one_with_held_out(member_ids, run)


def _one_with_held_out(member_ids: Sequence[int], run: Run) -> set[int]:
    person = aliases.everyone_of(member_ids)
    several = {person[member] for member in person if person[member] != member}
    if not several:
        return set()
    references = [member for member, survivor in person.items() if survivor in several]
    held_out = run.decisions.filter(member__in=references, held_out=True).values_list("member_id", flat=True)
    people = {person[member] for member in held_out}
    return {member for member in member_ids if person[member] in people}


def _refuse_days(begins: dt.date, ends: dt.date, *, today: dt.date) -> None:
    if begins < today:
        raise Refused(f"{begins:%-d %B %Y} is over, and messages may have been sent since: begin today or later.")
    if ends <= begins:
        raise Refused("The holdouts end before they begin: give a later day for their end.")


def _refuse_shares(**shares: Decimal) -> None:
    for name, share in shares.items():
        if not 0 <= share <= MOST:
            raise Refused(f"The {name} holdout is {share:.0%} of the members: give 50 % at the most, or 0 for none.")


def _refuse_overlap(begins: dt.date, ends: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE campaigns_draw IN SHARE ROW EXCLUSIVE MODE")  # two who draw at once draw in turn
    other = Draw.objects.filter(begins__lt=ends, ends__gt=begins).first()
    if other:
        raise Refused(
            f"Holdouts hold already from {other.begins:%-d %B %Y} until {other.ends:%-d %B %Y}: begin when they end."
        )


def _a_year_after(day: dt.date) -> dt.date:
    """The same day of the next year; of 29 February, the first day of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 3, 1)
