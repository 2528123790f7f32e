"""What anybody would do without learning: past rates of redeeming, as scorers, to be judged beside ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import baselines
from campaigns.scoring.baselines import Baseline
from campaigns.scoring.draws import NOTHING
from campaigns.scoring.scores import Scores
from campaigns.training.past import Past
from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable

FAVOURITE = "top_category"

Groups = NDArray[np.integer]
Group = Callable[[Profiles, TermsTable], Groups]


@dataclass(frozen=True)
class Plain:
    """The past rate of redeeming of the group (n, k) that a member and an offer belong to; it ranks by that alone."""

    name: str
    group: Group
    baseline: Baseline

    def scores(self, profiles: Profiles, terms: TermsTable, *, contact_cost: float) -> Scores:
        rate = self.baseline.scores(self.group(profiles, terms))
        return Scores(value=rate, expected=rate, redeem=rate)


def ways(past: Sequence[Past]) -> tuple[Plain, ...]:
    """The base rate, last category and popularity, by the offers that these decisions gave, if they gave any."""
    given = [part for run in past for each in run.blocks() if len(part := each.take(each.offer != NOTHING))]
    if not given:
        return ()
    refs = sorted({ref for run in past for ref in run.terms.offer_refs})
    return (
        _fitted("Base rate", _everybody, given, groups=1),
        _fitted("Last category", _bought_last, given, groups=3),
        _fitted("Popularity", _by_offer(refs), given, groups=len(refs) + 1),
    )


def _fitted(name: str, group: Group, given: Sequence[Past], *, groups: int) -> Plain:
    of = [group(part.profiles, part.terms)[np.arange(len(part)), part.offer] for part in given]
    redeemed = np.concatenate([part.redeemed for part in given])
    return Plain(name, group, Baseline.fit(np.concatenate(of), redeemed, groups=groups))


def _everybody(profiles: Profiles, terms: TermsTable) -> Groups:
    return np.zeros((len(profiles), len(terms)), dtype=np.int64)


def _bought_last(profiles: Profiles, terms: TermsTable) -> Groups:
    """By the department that weighs most in what a member bought lately."""
    words = profiles.vocabularies.get(FAVOURITE, ())
    asked = np.array([words.index(name) if name in words else -1 for name in terms.departments])
    last = profiles.column(FAVOURITE) if FAVOURITE in profiles.columns else np.full(len(profiles), -1)
    return baselines.bought_last(np.asarray(last)[:, None], asked)


def _by_offer(refs: Sequence[str]) -> Group:
    """Offers that were never given are one group, whose rate is the base rate."""
    place = {ref: at for at, ref in enumerate(refs)}

    def group(profiles: Profiles, terms: TermsTable) -> Groups:
        of = np.array([place.get(ref, len(refs)) for ref in terms.offer_refs])
        return np.broadcast_to(of, (len(profiles), len(terms)))

    return group
