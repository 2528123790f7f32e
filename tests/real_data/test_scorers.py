"""Scorers of real members: learned on an earlier day, judged on a later one, each figure beside those it must beat.

The figures are whatever they are, and are printed (`pytest -rP`). What is asserted is what must hold of any.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pytest

from campaigns.scoring import basis, churn, lifetime, quality
from campaigns.scoring.baselines import Baseline, everybody
from tests.real_data import shoppers
from tests.real_data.shoppers import Shoppers
from tests.real_data.showing import show

pytestmark = pytest.mark.data

DAYS = 90
RETAILERS = {
    # The first day to learn from, the day to judge on (a window later), and who there is: bought before that day, and
    # within the window before it.
    "gift shop": (shoppers.gift_shop, dt.date(2011, 6, 12), dt.date(2011, 9, 10), 3_370, 1_907),
    "grocer": (shoppers.grocer, dt.date(2017, 7, 4), dt.date(2017, 10, 2), 2_325, 2_013),
}


@dataclass(frozen=True, eq=False)
class Looked:
    """Members on a day: rows of the basis, days since they came, what they spent before, and what they did after."""

    rows: np.ndarray
    recency: np.ndarray
    before: np.ndarray
    spend: np.ndarray
    came: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Who ever bought."""
        return ~np.isnan(self.recency)


@pytest.fixture(scope="module", params=RETAILERS)
def retailer(request, shared_data) -> tuple[Looked, Looked, str]:
    load, earlier, later, *_ = RETAILERS[request.param]
    who = load(shared_data)
    known = basis.fitted(who.profiles(earlier))
    return looked(who, known, earlier), looked(who, known, later), request.param


def looked(who: Shoppers, known: basis.Basis, on: dt.date) -> Looked:
    profiles = who.profiles(on)
    return Looked(
        rows=known.rows(profiles),
        recency=profiles.column("recency_days"),
        before=np.nan_to_num(profiles.column("spend_90")),
        spend=who.spend(on, days=DAYS),
        came=who.came(on, days=DAYS),
    )


def test_churn_is_told_better_than_by_the_base_rate_and_by_how_long_ago_they_came(retailer):
    earlier, later, name = retailer
    scorer = churn.fitted(earlier.rows, earlier.recency, earlier.came)
    active, active_then = churn.is_active(later.recency), churn.is_active(earlier.recency)
    left, found = ~later.came[active], churn.scores(scorer, later.rows, later.recency)[active]
    ago = later.recency[active]
    base = Baseline.fit(everybody(active_then.sum()), ~earlier.came[active_then], groups=1).scores(everybody(len(left)))
    figures = {
        "AUC": quality.auc(left, found),
        "AUC by days since they came": quality.auc(left, ago),
        "AUC above that": quality.auc(left, found, over=ago),
        "log loss": quality.log_loss(left, found),
        "log loss of the base rate": quality.log_loss(left, base),
        "log loss above that": quality.log_loss(left, found, over=base),
        "Brier": quality.brier(left, found),
        "precision in the top decile": quality.top_share(left, found),
        "the same by days since they came": quality.top_share(left, ago),
    }
    deciles = quality.calibration(left, found)
    show(
        f"{name}: who of {len(left):,} active members does not come for {DAYS} days ({left.mean():.3f})",
        figures,
        deciles,
    )
    assert (len(left), sum(each.rows for each in deciles)) == (RETAILERS[name][4],) * 2
    assert figures["AUC above that"].low > 0
    assert figures["log loss above that"].high < 0
    assert figures["precision in the top decile"].low > left.mean()


def test_what_members_will_bring_is_told_better_than_by_the_mean_and_beside_what_they_brought(retailer):
    earlier, later, name = retailer
    scorer = lifetime.fitted(earlier.rows[earlier.known], earlier.spend[earlier.known], window_days=DAYS)
    came, found = later.spend[later.known], scorer.scores(later.rows[later.known])
    before, base = later.before[later.known], np.full(len(came), earlier.spend[earlier.known].mean())
    figures = {
        "mean squared error": quality.brier(came, found),
        "above that of the mean": quality.brier(came, found, over=base),
        "above that of the last 90 days": quality.brier(came, found, over=before),
        "brought by the top decile": quality.captured(came, found),
        "the same by the last 90 days": quality.captured(came, before),
    }
    deciles = quality.calibration(came, found)
    show(f"{name}: what {len(came):,} members spend in {DAYS} days ({came.mean():.2f})", figures, deciles)
    assert (len(came), sum(each.rows for each in deciles)) == (RETAILERS[name][3],) * 2
    assert figures["above that of the mean"].high < 0
    assert figures["brought by the top decile"].low > 0.1
