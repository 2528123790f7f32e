"""Trains what is to be expected of members: on one day in the past, judged on a later one, a whole window apart."""

import datetime as dt
from functools import partial

from campaigns import responses, scorers
from campaigns.models import Scorer
from campaigns.scoring import basis, churn, lifetime, outlook
from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.outlook import CHURN, LIFETIME, Outlook
from campaigns.training import code
from campaigns.training.card import Card, Quality, Window
from campaigns.training.contest import Entry, Judged, contest
from campaigns.training.features import looked_at
from campaigns.training.foresight import Looked, judged
from campaigns.training.log import MARGIN_SHARE, Report
from loyalty import clock, profiles
from loyalty.models import Purchase, Snapshot

# How far ahead to look: the longest of these that fits a third of the days of which purchases are known. The other two
# thirds are a window to judge by, and time before it in which members have a past.
WINDOWS = {CHURN: (churn.WINDOW_DAYS, 28), LIFETIME: (lifetime.WINDOW_DAYS, 180, 90, 28)}
PARTS = 3
OLDEST = dt.timedelta(days=30)


def train(kind: str, *, at: dt.datetime, report: Report) -> list[str]:
    """Learn on the earlier day, judge on the later one, put in use what is better, and say what came of it."""
    name = Scorer.Purpose(kind).label
    window_days = _window_days(kind, on=clock.local_day(at))
    if window_days is None:
        return [f"{name}: purchases are known of too few days to learn from; {PARTS * WINDOWS[kind][-1]} are needed."]
    report(f"{name}: looking back {2 * window_days} days")
    later = _snapshot(clock.local_day(at) - dt.timedelta(days=window_days), at=at)
    earlier = _snapshot(later.as_of - dt.timedelta(days=window_days), at=at)
    if _is_known(kind, earlier, later):
        return [f"{name}: nothing new to learn from."]
    report(f"{name}: learning, and judging what was learned")
    try:
        return [_challenge(kind, _looked(earlier, window_days), _looked(later, window_days), window_days, at=at)]
    except NotMeasured as reason:
        return [f"{name}: {reason}"]


def _challenge(kind: str, earlier: Looked, later: Looked, window_days: int, *, at: dt.datetime) -> str:
    members = basis.fitted(earlier.profiles)
    fitted = outlook.learn(kind, members, earlier.profiles, earlier.came, earlier.margin, window_days=window_days)
    learned, judging = (_window(kind, each, window_days) for each in (earlier, later))
    if not judging.decisions:
        raise NotMeasured(f"Nobody had bought by {judging.since:%-d %B %Y} of whom something is to be expected.")
    card = Card(learned, judging, looked_at(members, earlier.profiles), Quality())
    return contest(Entry(kind, kind, fitted, card), partial(_judged, fitted, earlier, later), at=at)


def _judged(fitted: Outlook, earlier: Looked, later: Looked, in_use: Scorer | None) -> Judged:
    champion = scorers.outlook(in_use) if in_use else None
    return judged(fitted, champion, earlier=earlier, later=later)


def _window_days(kind: str, *, on: dt.date) -> int | None:
    """None where no window fits."""
    first = Purchase.objects.order_by("purchased_at").values_list("purchased_at", flat=True).first()
    known = (on - clock.local_day(first)).days if first else 0
    return next((days for days in WINDOWS[kind] if PARTS * days <= known), None)


def _snapshot(day: dt.date, *, at: dt.datetime) -> Snapshot:
    """Of that day or a little earlier; built where there is none, which is once, since every night adds one."""
    recent = Snapshot.objects.ready().filter(as_of__lte=day, as_of__gte=day - OLDEST)
    return recent.order_by("-as_of", "-id").first() or profiles.build(day, at=at)


def _looked(snapshot: Snapshot, window_days: int) -> Looked:
    known = profiles.opened(snapshot, on=snapshot.as_of)
    days = (snapshot.as_of, snapshot.as_of + dt.timedelta(days=window_days))
    since, until = (clock.start_of(day) for day in days)
    totals = responses.totals(known.member_ids, since=since, until=until)
    margin = totals.margin if totals.margin_is_known else MARGIN_SHARE * totals.spend
    return Looked(known, totals.baskets > 0, margin)


def _window(kind: str, looked: Looked, window_days: int) -> Window:
    counted = looked.counted(kind, window_days=window_days)
    day = looked.profiles.as_of
    return Window(day, day + dt.timedelta(days=window_days - 1), len(counted.came), 1)


def _is_known(kind: str, earlier: Snapshot, later: Snapshot) -> bool:
    """Whether the newest scorer was trained and judged on these days, by this code."""
    newest = Scorer.objects.filter(purpose=kind).first()
    if newest is None or newest.code != code.version():
        return False
    days = [newest.card[name]["since"] for name in ("learned", "judged")]
    return days == [earlier.as_of.isoformat(), later.as_of.isoformat()]
