"""Which of the campaign's offers each member may be given, and why others may be given none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns import responses
from campaigns.planning.crowd import AT_ONCE, Crowd, Near
from campaigns.planning.inputs import Inputs
from campaigns.responses import Redeemed
from loyalty.profiling.cores import share
from loyalty.profiling.table import Profiles, day_number
from offers.rules import eligibility
from offers.rules.eligibility import REASONS, Eligibility
from offers.rules.terms import TermsTable


@dataclass(frozen=True, eq=False)
class Openness:
    """Of n members and k offers: `bits` (n, ceil(k / 8)) hold one bit per pair, set where the offer may be given.

    `kept_from_all` counts the members who may have none, by the reason that keeps most offers from them.
    """

    bits: NDArray[np.uint8]
    offers: int
    kept_from_all: NDArray[np.int64]

    @property
    def some(self) -> NDArray[np.bool_]:
        """(n,): who may be given any."""
        found = np.empty(len(self.bits), dtype=np.bool_)

        def of(first: int) -> None:
            found[first : first + AT_ONCE] = self.bits[first : first + AT_ONCE].any(axis=1)

        share(of, range(0, len(found), AT_ONCE))
        return found

    def menu(self, part: slice) -> NDArray[np.uint16]:
        """(m,): how many offers some of the members may be given."""
        return np.asarray(np.bitwise_count(self.bits[part]).sum(axis=1, dtype=np.uint16))

    def sums(self, weights: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        """(m,): the sum of the weights (k,) of the offers that some of the members may be given."""
        found = np.zeros(len(self.bits[part]))
        for byte in range(self.bits.shape[1]):
            found += _of_each_byte(weights[8 * byte : 8 * byte + 8])[self.bits[part, byte]]
        return found

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Openness":
        return Openness(self.bits[index], self.offers, self.kept_from_all)

    def allowed(self, part: slice) -> NDArray[np.bool_]:
        """(m, k) of some of the members."""
        return np.unpackbits(self.bits[part], axis=1, count=self.offers, bitorder="little").view(np.bool_)


def _of_each_byte(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(256,): the sum of up to 8 weights, of those whose bit is set."""
    is_set = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, count=len(weights), bitorder="little")
    return np.asarray(is_set @ weights)


def carried(inputs: Inputs, terms: TermsTable) -> NDArray[np.int8]:
    """(2^c, k): by which of the campaign's c channels an offer goes, for every set of channels that reach a member.

    It is the first of the campaign's that does both, -1 for none; sets are numbered by their bits as in `Audience`.
    """
    channels = inputs.campaign.channels
    first = np.full((2 ** len(channels), len(terms)), -1, dtype=np.int8)
    reached = np.arange(2 ** len(channels))
    for position, channel in reversed(list(enumerate(channels))):
        carries = np.array([channel in offered for offered in terms.channels], dtype=np.bool_)
        first[np.ix_((reached >> position & 1) > 0, carries)] = position
    return first


def judged(crowd: Crowd, reach: NDArray[np.uint8], terms: TermsTable, inputs: Inputs) -> Openness:
    """Every pair of these members and the offers, a block of members at a time; `reach` (n,) as in `Audience`."""
    redeemed = responses.redemptions_so_far(_limited(terms))
    by_reach = carried(inputs, terms) >= 0
    bits = np.packbits(by_reach, axis=1, bitorder="little")[reach]

    def of(part: slice) -> NDArray[np.int64]:
        near = crowd.near(part)
        counts = redeemed.counts(near.profiles.member_ids, terms.offer_refs)
        open_to = eligibility.open_bits(near.profiles, terms, on_day=day_number(inputs.on), redeemed=counts)
        bits[part] &= open_to[near.at]
        none = np.flatnonzero(~bits[part].any(axis=1)) + part.start
        few = crowd.take(none)
        return _kept_from_all(few.near(slice(0, len(few))), by_reach[reach[none]], terms, inputs, redeemed)

    nobody = np.zeros(len(REASONS), dtype=np.int64)
    return Openness(bits, len(terms), np.sum([nobody, *share(of, crowd.parts())], axis=0))


def of_members(
    members: Profiles, terms: TermsTable, inputs: Inputs, *, reach: NDArray[np.uint8], redeemed: Redeemed
) -> Eligibility:
    """The same of a few members, with the reason of each pair."""
    reachable = (carried(inputs, terms) >= 0)[reach]
    return _judged(members, terms, inputs, reachable, redeemed)


def _judged(
    members: Profiles, terms: TermsTable, inputs: Inputs, reachable: NDArray[np.bool_], redeemed: Redeemed
) -> Eligibility:
    return eligibility.allowed(
        members,
        terms,
        on_day=day_number(inputs.on),
        redeemed=redeemed.counts(members.member_ids, terms.offer_refs),
        reachable=reachable,
    )


def _limited(terms: TermsTable) -> list[str]:
    """The offers of which a member may redeem only so many."""
    return [ref for ref, most in zip(terms.offer_refs, terms.limit_per_member.tolist(), strict=True) if most]


def _kept_from_all(
    none: Near, reachable: NDArray[np.bool_], terms: TermsTable, inputs: Inputs, redeemed: Redeemed
) -> NDArray[np.int64]:
    """How many of these members, who may have nothing, each reason keeps most offers from."""
    if not len(reachable):
        return np.zeros(len(REASONS), dtype=np.int64)
    among = np.zeros((none.rows, len(terms)), dtype=np.bool_)
    among[none.at] = reachable
    reason = _judged(none.profiles, terms, inputs, among, redeemed).reason[none.at]
    per_reason = np.stack([(reason == number).sum(axis=1) for number in range(len(REASONS))], axis=1)
    return np.bincount(per_reason.argmax(axis=1), minlength=len(REASONS)).astype(np.int64)
