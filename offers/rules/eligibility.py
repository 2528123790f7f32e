"""Which member may get which offer, and why not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loyalty.profiling import stating
from loyalty.profiling.segments import matching
from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable

ADULT_AGE = 18

REASONS = (
    "eligible",
    "not yet valid",
    "expired",
    "redeemed the most times allowed",
    "outside the offer's own rule",
    "under age, or age unknown, for an age-restricted offer",
    "the member told us they do not eat or drink what it contains",
    "offered by no channel that reaches the member",
)
ELIGIBLE, NOT_YET_VALID, EXPIRED, REDEEMED, OUTSIDE_RULE, UNDER_AGE, AVOIDED, UNREACHABLE = range(len(REASONS))


@dataclass(frozen=True)
class Eligibility:
    """`allowed` (n, k), and `reason` (n, k) as positions in REASONS: the first that applies, in their order."""

    allowed: NDArray[np.bool_]
    reason: NDArray[np.uint8]


def allowed(
    profiles: Profiles,
    terms: TermsTable,
    *,
    on_day: int,
    redeemed: NDArray[np.integer] | None = None,
    reachable: NDArray[np.bool_] | None = None,
) -> Eligibility:
    """Judge every pair of n members and k offers.

    `on_day` is the day of the decision in days since 1970-01-01; `redeemed` (n, k) is how often each member has already
    redeemed each offer, None when nobody has; `reachable` (n, k) whether a channel of the offer reaches the member,
    None when one always does. A member whose age is unknown is never allowed an age-restricted offer. ValueError for an
    offer that contains something when what members told us is not beside the profiles (`stating.Told.beside`).
    """
    reason = np.zeros((len(profiles), len(terms)), dtype=np.uint8)
    # From the last reason to the first, so that the first one that applies is the one that stays.
    if reachable is not None:
        reason[~reachable] = UNREACHABLE
    _keep_away(reason, profiles, terms)
    reason[:, terms.age_restricted] = np.where(_is_adult(profiles)[:, None], reason[:, terms.age_restricted], UNDER_AGE)
    for offer, rule in enumerate(terms.rules):
        if rule is not None:
            reason[~matching(rule, profiles), offer] = OUTSIDE_RULE
    if redeemed is not None:
        reason[(terms.limit_per_member > 0) & (redeemed >= terms.limit_per_member)] = REDEEMED
    reason[:, terms.valid_until < on_day] = EXPIRED
    reason[:, terms.valid_from > on_day] = NOT_YET_VALID
    return Eligibility(allowed=reason == ELIGIBLE, reason=reason)


def explain(eligibility: Eligibility, i: int, j: int) -> str:
    """Say in a sentence why member i may or may not get offer j."""
    reason = int(eligibility.reason[i, j])
    return "Eligible." if reason == ELIGIBLE else f"Not eligible: {REASONS[reason]}."


def _keep_away(reason: NDArray[np.uint8], profiles: Profiles, terms: TermsTable) -> None:
    """Mark from whom offers are kept by what they contain, looking at nobody who told us nothing."""
    contained = np.array([stating.bits(each) for each in terms.contains], dtype=np.int16)
    containing = np.flatnonzero(contained)
    if not containing.size:
        return
    if stating.AVOIDS.name not in profiles.columns:
        raise ValueError("An offer says what it contains: put what members told us beside their profiles first.")
    avoids = profiles.column(stating.AVOIDS.name)
    telling = np.flatnonzero(avoids)
    kept_away = (avoids[telling, None] & contained[containing]) != 0
    pairs = np.ix_(telling, containing)
    reason[pairs] = np.where(kept_away, AVOIDED, reason[pairs])


def _is_adult(profiles: Profiles) -> NDArray[np.bool_]:
    if "age" not in profiles.columns:
        return np.zeros(len(profiles), dtype=np.bool_)
    return np.asarray(profiles.column("age") >= ADULT_AGE)  # an unknown age is nan, which is never at least anything
