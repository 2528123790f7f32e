"""Which member may get which offer, and why not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loyalty.profiling import stating
from loyalty.profiling.segments import Rule, matching
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


@dataclass(frozen=True)
class Obstacle:
    """A reason that keeps some offers from some members: from the r members in `rows`, all or by index, those where
    `kept` (r or 1, k) is set."""

    reason: int
    rows: NDArray[np.intp] | slice
    kept: NDArray[np.bool_]


def allowed(
    profiles: Profiles,
    terms: TermsTable,
    *,
    on_day: int,
    redeemed: NDArray[np.integer] | None = None,
    reachable: NDArray[np.bool_] | None = None,
) -> Eligibility:
    """Judge every pair of n members and k offers, and say why not; arguments as `obstacles`.

    `reachable` (n, k) says whether a channel of the offer reaches the member, None when one always does.
    """
    reason = np.zeros((len(profiles), len(terms)), dtype=np.uint8)
    if reachable is not None:
        reason[~reachable] = UNREACHABLE
    # From the last reason to the first, so that the first one that applies is the one that stays.
    for obstacle in obstacles(profiles, terms, on_day=on_day, redeemed=redeemed)[::-1]:
        reason[obstacle.rows] = np.where(obstacle.kept, np.uint8(obstacle.reason), reason[obstacle.rows])
    return Eligibility(allowed=reason == ELIGIBLE, reason=reason)


def open_bits(
    profiles: Profiles, terms: TermsTable, *, on_day: int, redeemed: NDArray[np.integer] | None = None
) -> NDArray[np.uint8]:
    """(n, ceil(k / 8)): a bit per pair, set where no obstacle is; the first offer is the lowest bit of the first byte.

    The same as `allowed` says of who is reached, without the reasons; arguments as `obstacles`.
    """
    bits = np.tile(_packed(np.ones((1, len(terms)), dtype=np.bool_)), (len(profiles), 1))
    for obstacle in obstacles(profiles, terms, on_day=on_day, redeemed=redeemed):
        bits[obstacle.rows] &= ~_packed(obstacle.kept)
    return bits


def obstacles(
    profiles: Profiles, terms: TermsTable, *, on_day: int, redeemed: NDArray[np.integer] | None = None
) -> list[Obstacle]:
    """All that keeps offers from members whom some channel reaches, in the order of REASONS.

    `on_day` is the day of the decision in days since 1970-01-01; `redeemed` (n, k) is how often each member has already
    redeemed each offer, None when nobody has. A member whose age is unknown is never allowed an age-restricted offer.
    ValueError for an offer that contains something when what members told us is not beside the profiles
    (`stating.Told.beside`).
    """
    return [
        Obstacle(NOT_YET_VALID, slice(None), (terms.valid_from > on_day)[None]),
        Obstacle(EXPIRED, slice(None), (terms.valid_until < on_day)[None]),
        *_redeemed(redeemed, terms),
        *_outside(profiles, terms),
        *_under_age(profiles, terms),
        *_avoided(profiles, terms),
    ]


def explain(eligibility: Eligibility, i: int, j: int) -> str:
    """Say in a sentence why member i may or may not get offer j."""
    reason = int(eligibility.reason[i, j])
    return "Eligible." if reason == ELIGIBLE else f"Not eligible: {REASONS[reason]}."


def _redeemed(redeemed: NDArray[np.integer] | None, terms: TermsTable) -> Iterator[Obstacle]:
    if redeemed is not None:
        yield Obstacle(REDEEMED, slice(None), (terms.limit_per_member > 0) & (redeemed >= terms.limit_per_member))


def _outside(profiles: Profiles, terms: TermsTable) -> Iterator[Obstacle]:
    """Of each rule once, though several offers may have it."""
    rules: list[Rule] = []
    for rule in terms.rules:
        if rule is not None and rule not in rules:
            rules.append(rule)
    for rule in rules:
        having = np.array([each == rule for each in terms.rules])
        yield Obstacle(OUTSIDE_RULE, np.flatnonzero(~matching(rule, profiles)), having[None])


def _under_age(profiles: Profiles, terms: TermsTable) -> Iterator[Obstacle]:
    if terms.age_restricted.any():
        yield Obstacle(UNDER_AGE, np.flatnonzero(~_is_adult(profiles)), terms.age_restricted[None])


def _avoided(profiles: Profiles, terms: TermsTable) -> Iterator[Obstacle]:
    """From whom offers are kept by what they contain, looking at nobody who told us nothing."""
    contained = np.array([stating.bits(each) for each in terms.contains], dtype=np.int16)
    if not contained.any():
        return
    if stating.AVOIDS.name not in profiles.columns:
        raise ValueError("An offer says what it contains: put what members told us beside their profiles first.")
    avoids = profiles.column(stating.AVOIDS.name)
    telling = np.flatnonzero(avoids)
    yield Obstacle(AVOIDED, telling, (avoids[telling, None] & contained) != 0)


def _packed(pairs: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(pairs, axis=1, bitorder="little")


def _is_adult(profiles: Profiles) -> NDArray[np.bool_]:
    if "age" not in profiles.columns:
        return np.zeros(len(profiles), dtype=np.bool_)
    return np.asarray(profiles.column("age") >= ADULT_AGE)  # an unknown age is nan, which is never at least anything
