"""A coffee chain's six waves of offers, measured over arrays, against the figures worked out beforehand elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from analytics.measurement import moments
from analytics.measurement.lift import Lift, newcombe, welch
from analytics.measurement.margin import E4, member_totals
from tests.analytics.measurement.reading import lift_of

pytestmark = pytest.mark.data

# A wave lasts until the next one; the last until 720 hours after the start.
UNTIL = {0: 168, 168: 336, 336: 408, 408: 504, 504: 576, 576: 720}
WITHIN = 0.001


@dataclass(frozen=True)
class Programme:
    """Events of 17,000 members by position: kind, hours since the start, amount in ten-thousandths."""

    members: int
    member: np.ndarray
    event: np.ndarray
    hour: np.ndarray
    amount_e4: np.ndarray

    def received_at(self, hour: int) -> np.ndarray:
        received = np.zeros(self.members, dtype=bool)
        received[self.member[(self.event == "offer received") & (self.hour == hour)]] = True
        return received

    def spend(self, since: int, until: int) -> np.ndarray:
        lines = (self.event == "transaction") & (self.hour >= since) & (self.hour < until)
        return member_totals(self.member[lines], self.amount_e4[lines], self.members)

    def spend_lift(self, wave: int) -> Lift:
        spend, treated = self.spend(wave, UNTIL[wave]), self.received_at(wave)
        return lift_of(welch(moments.of(spend[treated]), moments.of(spend[~treated])))


@pytest.fixture(scope="module")
def programme(shared_data: Callable[[str], Path]) -> Programme:
    events = pq.read_table(shared_data("starbucks/transcript.parquet"))
    refs = pq.read_table(shared_data("starbucks/profile.parquet"))["id"]
    return Programme(
        members=len(refs),
        member=pc.index_in(events["person"], value_set=pa.array(refs.to_pylist(), refs.type)).to_numpy(),
        event=events["event"].to_numpy(),
        hour=events["time_h"].to_numpy(),
        amount_e4=np.rint(pc.fill_null(events["amount"], 0).to_numpy() * E4).astype(np.int64),
    )


def test_spend_of_the_first_wave_is_as_published(programme: Programme) -> None:
    lift = programme.spend_lift(0)
    assert (lift.estimate, lift.low, lift.high) == pytest.approx((11.536, 10.283, 12.790), abs=WITHIN)


@pytest.mark.parametrize("measure", [newcombe, welch])
def test_purchasers_of_the_first_wave_are_as_published_by_either_interval(
    programme: Programme, measure: Callable[..., Lift]
) -> None:
    bought, treated = programme.spend(0, UNTIL[0]) > 0, programme.received_at(0)
    lift = lift_of(measure(moments.of(bought[treated]), moments.of(bought[~treated])))
    # Published to four decimals: the two intervals differ by 0.00001.
    assert (lift.estimate, lift.low, lift.high) == pytest.approx((0.1700, 0.1532, 0.1868), abs=6e-5)


def test_spend_of_the_second_wave_is_as_published(programme: Programme) -> None:
    lift = programme.spend_lift(168)
    assert (lift.estimate, lift.low, lift.high) == pytest.approx((12.221, 11.018, 13.425), abs=WITHIN)


@pytest.mark.parametrize(("wave", "estimate"), [(336, 6.225), (408, 5.094), (504, 4.804), (576, 7.730)])
def test_spend_of_the_later_waves_is_as_published(programme: Programme, wave: int, estimate: float) -> None:
    assert programme.spend_lift(wave).estimate == pytest.approx(estimate, abs=WITHIN)


def test_leaving_out_members_who_bought_nothing_would_be_found_out(programme: Programme) -> None:
    spend, treated = programme.spend(0, UNTIL[0]), programme.received_at(0)
    buyers = spend > 0
    of_buyers = lift_of(welch(moments.of(spend[treated & buyers]), moments.of(spend[~treated & buyers])))
    assert of_buyers.low < 10.283 - 0.5  # the estimate happens to be alike, the interval is not


def test_all_purchases_are_counted(programme: Programme) -> None:
    assert programme.spend(0, 715).sum() == pytest.approx(1_775_451.97, abs=0.005)
