"""The coffee chain's six waves as decisions that chance took, in arrays: who got which offer, what was known of them
that day, and what they did then. Nobody documents how members were drawn; it is consistent with chance alike for all.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from loyalty.profiling import features
from loyalty.profiling.engagement import VIEW
from loyalty.profiling.records import Events, Lines, Members
from loyalty.profiling.table import Profiles, day_number
from offers.rules.terms import TermsTable
from tests.offers.rules.tables import terms
from tests.real_data.starbucks import ENDS, KINDS, START, WAVES

NOTHING = -1
# Waves are 72 to 168 hours apart: so long after each of them, everybody's response can be compared.
RESPONSE_HOURS = 72


@dataclass(frozen=True, eq=False)
class Wave:
    """Of n members: profiles as of the day, position of the offer received or NOTHING, whether they redeemed it before
    it ended, whether they bought anything within RESPONSE_HOURS, and what they spent until the next wave."""

    profiles: Profiles
    offer: np.ndarray
    redeemed: np.ndarray
    bought: np.ndarray
    spend: np.ndarray

    @property
    def given(self) -> np.ndarray:
        return self.offer != NOTHING


@cache
def waves(find: Callable[[str], Path]) -> tuple[list[Wave], TermsTable]:
    """All six, and the terms of the ten offers."""
    portfolio = pq.read_table(find("starbucks/portfolio.parquet"))
    log = _Log(pq.read_table(find("starbucks/profile.parquet")), pq.read_table(find("starbucks/transcript.parquet")))
    position = {ref: number for number, ref in enumerate(portfolio["id"].to_pylist())}
    days = np.array(portfolio["duration"].to_pylist())
    return [log.wave(start, end, position, days) for start, end in zip(WAVES, ENDS, strict=True)], _terms(portfolio)


class _Log:
    """The transcript as arrays, members by position."""

    def __init__(self, profile: pa.Table, transcript: pa.Table) -> None:
        refs = profile["id"].to_pylist()
        row = {ref: number for number, ref in enumerate(refs)}
        self.members = _members(profile)
        self.member = np.array([row[ref] for ref in transcript["person"].to_pylist()])
        self.hour = np.asarray(transcript["time_h"]).astype(np.int64)
        self.event = np.array(transcript["event"].to_pylist())
        self.offer = transcript["offer_id"].to_pylist()
        self.amount = np.nan_to_num(np.asarray(transcript["amount"], dtype=np.float64))

    def wave(self, start: int, end: int, position: dict[str, int], days: np.ndarray) -> Wave:
        count = len(self.members)
        offer = np.full(count, NOTHING)
        received = np.flatnonzero((self.event == "offer received") & (self.hour == start))
        offer[self.member[received]] = [position[self.offer[each]] for each in received]
        redeemed = np.zeros(count, dtype=bool)
        until = np.where(offer == NOTHING, start, start + 24 * days[offer])
        for each in np.flatnonzero((self.event == "offer completed") & (self.hour >= start)):
            member = self.member[each]
            redeemed[member] |= offer[member] == position[self.offer[each]] and self.hour[each] <= until[member]
        return Wave(
            profiles=self.profiles(start // 24),
            offer=offer,
            redeemed=redeemed,
            bought=np.bincount(self.member[self._bought(start, start + RESPONSE_HOURS)], minlength=count) > 0,
            spend=self._spend(start, end),
        )

    def profiles(self, day: int) -> Profiles:
        bought, viewed = self.event == "transaction", self.event == "offer viewed"
        first = day_number(START.date())
        cents = np.round(self.amount[bought] * 10_000).astype(np.int64)
        nothing = np.zeros(len(cents), dtype=np.int64)
        lines = Lines(
            member=self.member[bought],
            day=first + self.hour[bought] // 24,
            hour=self.hour[bought] % 24,
            basket=np.arange(len(cents)),
            department=nothing - 1,
            channel=nothing - 1,
            net_e4=cents,
            discount_e4=nothing,
        )
        views = Events(self.member[viewed], first + self.hour[viewed] // 24, np.full(int(viewed.sum()), VIEW))
        as_of = START.date() + dt.timedelta(days=day)
        return features.build(self.members, lines, as_of=as_of, vocabularies={}, events=[views])

    def _bought(self, since: int, until: int) -> np.ndarray:
        return (self.event == "transaction") & (self.hour >= since) & (self.hour < until)

    def _spend(self, since: int, until: int) -> np.ndarray:
        there = self._bought(since, until)
        return np.bincount(self.member[there], weights=self.amount[there], minlength=len(self.members))


def _members(profile: pa.Table) -> Members:
    """Days of joining are moved as the chain's clock was, whose first hour was in the summer of 2018."""
    count = profile.num_rows
    joined = [dt.datetime.strptime(str(day), "%Y%m%d").date() for day in profile["became_member_on"].to_pylist()]  # noqa: DTZ007 - a day
    later = day_number(START.date()) - max(map(day_number, joined)) - 1
    unknown = np.full(count, -1)
    return Members(np.arange(count), np.array([day_number(day) + later for day in joined]), *[unknown] * 3)


def _terms(portfolio: pa.Table) -> TermsTable:
    """Whatever the offer, it is for coffee; what is taken off is taken off at the till."""
    value, least = (portfolio[name].to_pylist() for name in ("reward", "difficulty"))
    kinds = [KINDS[kind] for kind in portfolio["offer_type"].to_pylist()]
    return terms(len(kinds), kinds=kinds, value=value, minimum_spend=least, departments=["Coffee"] * len(kinds))
