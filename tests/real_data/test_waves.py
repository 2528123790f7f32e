"""A coffee chain's waves 0 to 3 as history and 4 and 5 as the later period: who responds, with an offer and without.

The figures are whatever they are, and are printed (`pytest -rP`). What is asserted is what must hold of any. Offers of
the last wave run beyond the end of the data, so fewer were redeemed than would have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from campaigns.scoring import basis, quality
from campaigns.scoring.baselines import Baseline, everybody
from campaigns.scoring.propensity import HELD_OUT, Propensity
from offers.rules.terms import TermsTable
from tests.real_data import waves
from tests.real_data.showing import show
from tests.real_data.waves import NOTHING, Wave

pytestmark = pytest.mark.data

MEMBERS, OFFERS, FIRST_LATER = 17_000, 10, 4
SENT_LATER = 12_704 + 12_765


@dataclass(frozen=True, eq=False)
class Decisions:
    """Of some waves one after the other: basis rows, whose they are, the offer, and what each did."""

    rows: np.ndarray
    member: np.ndarray
    offer: np.ndarray
    bought: np.ndarray
    redeemed: np.ndarray

    @property
    def given(self) -> np.ndarray:
        return self.offer != NOTHING


@pytest.fixture(scope="module")
def programme(shared_data) -> tuple[list[Wave], TermsTable]:
    return waves.waves(shared_data)


@pytest.fixture(scope="module")
def earlier_and_later(programme) -> tuple[Decisions, Decisions]:
    found, _ = programme
    known = basis.fitted(found[FIRST_LATER - 1].profiles)
    return joined(known, found[:FIRST_LATER]), joined(known, found[FIRST_LATER:])


@pytest.fixture(scope="module")
def features(programme) -> np.ndarray:
    """Of the ten offers: which it is, what it gives, and from which spend on."""
    _, terms = programme
    return np.column_stack([np.eye(OFFERS), np.log1p(terms.value), np.log1p(terms.minimum_spend)])


def joined(known: basis.Basis, of: Sequence[Wave]) -> Decisions:
    return Decisions(
        rows=np.concatenate([known.rows(wave.profiles) for wave in of]),
        member=np.tile(np.arange(MEMBERS), len(of)),
        **{name: np.concatenate([getattr(wave, name) for wave in of]) for name in ("offer", "bought", "redeemed")},
    )


def learned(earlier: Decisions, features: np.ndarray, responded: np.ndarray, *, window_days: int) -> Propensity:
    offer = np.where(earlier.given, earlier.offer, HELD_OUT)
    return Propensity.fit(earlier.rows, offer, features, responded, window_days=window_days, members=earlier.member)


def test_the_waves_are_those_of_the_source(programme):
    found, _ = programme
    assert [int(wave.given.sum()) for wave in found] == [12_650, 12_669, 12_711, 12_778, 12_704, 12_765]
    lifts = [wave.spend[wave.given].mean() - wave.spend[~wave.given].mean() for wave in found]
    assert lifts == pytest.approx([11.536, 12.221, 6.225, 5.094, 4.804, 7.730], abs=0.001)


def test_purchases_with_an_offer_are_told_better_than_by_popularity_and_without_one_than_by_the_base_rate(
    earlier_and_later, features
):
    earlier, later = earlier_and_later
    fitted = learned(earlier, features, earlier.bought, window_days=waves.RESPONSE_HOURS // 24)
    given, alone = later.given, ~later.given
    whose = later.member[given]
    with_offer = fitted.with_offer(later.rows[given], features)[np.arange(given.sum()), later.offer[given]]
    popular = Baseline.fit(earlier.offer[earlier.given], earlier.bought[earlier.given], groups=OFFERS).scores(
        later.offer[given]
    )
    without = fitted.without_offer(later.rows[alone])
    base = Baseline.fit(everybody(int((~earlier.given).sum())), earlier.bought[~earlier.given], groups=1).scores(
        everybody(int(alone.sum()))
    )
    bought, bought_alone, others = later.bought[given], later.bought[alone], later.member[alone]
    figures = {
        "AUC with an offer": quality.auc(bought, with_offer, members=whose),
        "AUC by popularity": quality.auc(bought, popular, members=whose),
        "log loss above popularity": quality.log_loss(bought, with_offer, over=popular, members=whose),
        "AUC without an offer": quality.auc(bought_alone, without, members=others),
        "log loss above the base rate": quality.log_loss(bought_alone, without, over=base, members=others),
    }
    show(f"with an offer, {len(bought):,} sent", figures, quality.calibration(bought, with_offer))
    show(f"without one, {len(bought_alone):,}", {}, quality.calibration(bought_alone, without))
    assert (len(bought), len(bought_alone)) == (SENT_LATER, 2 * MEMBERS - SENT_LATER)
    assert figures["AUC with an offer"].low > figures["AUC by popularity"].high
    assert figures["log loss above popularity"].high < 0
    assert figures["log loss above the base rate"].high < 0


def test_redemptions_are_told_better_than_by_popularity_and_the_offer_redeemed_is_ranked_as_often_among_the_best(
    earlier_and_later, features
):
    earlier, later = earlier_and_later
    responded = np.where(earlier.given, earlier.redeemed, earlier.bought)
    scores = learned(earlier, features, responded, window_days=10).with_offer(later.rows, features)
    popular = Baseline.fit(earlier.offer[earlier.given], earlier.redeemed[earlier.given], groups=OFFERS)
    given = later.given
    found, by_offer = scores[given, later.offer[given]], popular.scores(later.offer[given])
    taken = np.zeros_like(scores, dtype=bool)
    taken[later.redeemed, later.offer[later.redeemed]] = True
    for_all = np.tile(popular.scores(np.arange(OFFERS)), (len(scores), 1))
    redeemed, whose = later.redeemed[given], later.member[given]
    figures = {
        "AUC": quality.auc(redeemed, found, members=whose),
        "AUC by popularity": quality.auc(redeemed, by_offer, members=whose),
        "log loss above popularity": quality.log_loss(redeemed, found, over=by_offer, members=whose),
        **{
            f"hit rate @{most}{name}": quality.hit_rate(taken, of, most=most, over=over)
            for most in (1, 3)
            for name, of, over in (
                ("", scores, None),
                (" by popularity", for_all, None),
                (" above that", scores, for_all),
            )
        },
    }
    show(
        f"redemptions, {len(redeemed):,} sent, {redeemed.sum():,} redeemed",
        figures,
        quality.calibration(redeemed, found),
    )
    assert figures["AUC"].low > figures["AUC by popularity"].high
    assert figures["log loss above popularity"].high < 0
    assert figures["hit rate @1 above that"].high > 0
