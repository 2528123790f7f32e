"""Gathers what scorers learn from.

Only campaigns that drew their offers at random count: where offers were chosen by score, those who got one kind differ
from those who got another, and comparing them would teach the scorer its own habits. So far these are the randomised
campaigns that another tool ran, several offers at a time.
"""

import datetime as dt

import numpy as np

from campaigns import responses
from campaigns.models import Campaign, Run
from campaigns.models.decision import HELD_OUT as HELD_OUT_ARM
from campaigns.scoring.affinity import AffinityScorer, affinities, learn
from campaigns.scoring.history import HELD_OUT, History
from loyalty import clock, profiles
from loyalty.models import Snapshot

# Where purchases carry no margin, this share of what is spent stands in for it.
MARGIN_SHARE = 0.25


def fitted(*, at: dt.datetime) -> AffinityScorer:
    """The scorer that past random decisions teach, those whose outcome window has closed by `at`."""
    runs = Run.objects.filter(
        campaign__imported=True, campaign__design=Campaign.Design.RANDOMISED, outcomes_until__lte=at
    ).select_related("campaign")
    histories = [history for run in runs.order_by("pk") if len(history := _history(run))]
    return learn(_joined(histories))


def _history(run: Run) -> History:
    decided = responses.decided(run)
    totals = responses.totals(decided.member_ids, since=run.outcomes_from, until=run.outcomes_until)
    kinds = np.array([*(each.terms.kind for each in run.offers.order_by("position")), HELD_OUT])
    kind = np.where(decided.arm == HELD_OUT_ARM, HELD_OUT, kinds[decided.run_offer])
    told = (decided.arm == HELD_OUT_ARM) | (decided.run_offer >= 0)
    return History(
        run=np.full(int(told.sum()), run.pk),
        kind=kind[told],
        affinity=_affinity(run, decided)[told],
        redeemed=(responses.redemptions(run, decided.member_ids) > 0)[told],
        margin=(totals.margin if totals.margin_is_known else MARGIN_SHARE * totals.spend)[told],
    )


def _affinity(run: Run, decided: responses.Decided) -> np.ndarray:
    """Each member's affinity for what they were given, as it was then if there are profiles of that time."""
    snapshot = run.snapshot or Snapshot.objects.ready().order_by("as_of").first()
    if snapshot is None:
        return np.ones(len(decided.member_ids))
    members = profiles.opened(snapshot, on=clock.local_day(run.outcomes_from) if run.snapshot else snapshot.as_of)
    departments = [each.terms.department or None for each in run.offers.order_by("position")]
    found = np.column_stack([affinities(members, departments), np.ones(len(members))])
    rows = np.searchsorted(members.member_ids, decided.member_ids)
    known = np.isin(decided.member_ids, members.member_ids)
    affinity = np.ones(len(decided.member_ids))
    affinity[known] = found[rows[known], decided.run_offer[known]]
    return affinity


def _joined(histories: list[History]) -> History:
    names = ("run", "kind", "affinity", "redeemed", "margin")
    if not histories:
        return History(*(np.array([], dtype=kind) for kind in (np.int64, np.str_, np.float64, np.bool_, np.float64)))
    return History(*(np.concatenate([getattr(each, name) for each in histories]) for name in names))
