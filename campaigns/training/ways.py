"""The ways in which what offers are worth may be learned: the fallback first, then what has to prove its gain."""

from collections.abc import Callable, Mapping, Sequence

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from campaigns.scoring import affinity, basis, uplift
from campaigns.scoring.scores import Scorer
from campaigns.training.past import Past, joined
from campaigns.training.rule import FALLBACK

Learn = Callable[[Sequence[Past]], Scorer]


def _affinity(past: Sequence[Past]) -> Scorer:
    """It compares kinds of offers, so only those count whom chance gave each kind alike."""
    return affinity.learn(joined([run for run in past if run.is_plain]))


def _uplift(past: Sequence[Past]) -> Scorer:
    """Of one run at the least; its member basis is that of the members of the latest."""
    members = basis.fitted(past[-1].everyone)
    with threadpool_limits(1, user_api="blas"):  # many small products, which several threads only hold up
        return uplift.learn(joined(past, members), members)


WAYS: Mapping[str, Learn] = {FALLBACK: _affinity, "uplift": _uplift}
