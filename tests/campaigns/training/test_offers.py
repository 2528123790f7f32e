import numpy as np
import pytest

from campaigns import training
from campaigns.models import Scorer
from tests.campaigns.training.conftest import LATER

pytestmark = pytest.mark.django_db

State = Scorer.State


def newcomers_only(buys_coffee, kind):
    """Offers of coffee win those who buy none; those who buy it anyway buy less at full price."""
    return np.where(buys_coffee, -1.5, 2.0)


def nothing(buys_coffee, kind):
    return np.zeros(len(kind))


def states() -> dict[str, str]:
    return dict(Scorer.objects.values_list("kind", "state"))


def test_a_scorer_that_proves_its_gain_on_later_decisions_comes_into_use(happened):
    happened(3, newcomers_only)
    told = training.train(at=LATER)
    assert states() == {"affinity": State.RETIRED, "uplift": State.CHAMPION}, told


def test_without_an_effect_the_fallback_decides_and_the_reason_is_kept(happened):
    happened(3, nothing)
    training.train(at=LATER)
    assert states() == {"affinity": State.CHAMPION, "uplift": State.REJECTED}
    rejected, champion = Scorer.objects.get(kind="uplift"), Scorer.objects.get(kind="affinity")
    assert "includes 0 proves no gain" in rejected.verdict
    assert f"It decides, and not scorer {rejected.pk} (uplift)" in champion.why
