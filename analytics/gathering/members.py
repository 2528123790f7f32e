"""Whom a run decided on, as arrays: read once, and every outcome is put beside them."""

from dataclasses import dataclass

import numpy as np
from django.db import connection

from campaigns.models import Run
from loyalty import aliases, copying
from loyalty.models import Member

NOT_DECIDED_ON = "not in the campaign"

ARMS = "SELECT DISTINCT arm FROM campaigns_decision WHERE run_id = %s AND rank = 0 ORDER BY arm"
ROW = copying.row_type(member="i8", arm="i4", offer="i4", score="f8")
DECIDED = """
    SELECT member_id, array_position(%(arms)s::text[], arm) - 1,
           coalesce(array_position(%(offers)s::bigint[], coalesce(run_offer_id, withheld_id)), 0) - 1,
           coalesce(score, 'NaN')
    FROM campaigns_decision WHERE run_id = %(run)s AND rank = 0 ORDER BY member_id
"""


@dataclass(frozen=True, eq=False)
class Members:
    """n members by id, ascending.

    `arm` (n,) are positions in `arms`. `offer` (n,) is the position of the best offer that was chosen for each, given
    or withheld, -1 for none, and `score` (n,) what it was expected to bring, NaN where nobody said.
    """

    ids: np.ndarray
    arm: np.ndarray
    arms: tuple[str, ...]
    offer: np.ndarray
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def within(self, arm: str) -> np.ndarray:
        """(n,) who is in the arm; nobody where there is no such arm."""
        return np.asarray(self.arm == self.arms.index(arm)) if arm in self.arms else np.zeros(len(self), dtype=bool)

    def count(self, arm: str) -> int:
        return int(np.count_nonzero(self.within(arm)))

    def sums(self, member_ids: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """(n,) what each comes to of amounts that belong to these (m,) ids, or to whoever they stand for."""
        at, known = self._places(member_ids)
        return np.bincount(at[known], weights=amounts[known], minlength=len(self))

    def _places(self, member_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counted = aliases.standing_for(member_ids.astype(np.int64), aliases.survivors(), unless=self.ids)
        at = np.minimum(np.searchsorted(self.ids, counted), len(self) - 1)
        return at, self.ids[at] == counted


def members(run: Run, *, with_the_rest: bool = False) -> Members:
    """Everyone the run decided on; with the rest, also every other member, in an arm of their own."""
    decided = _decided(run)
    return _beside_the_rest(decided) if with_the_rest else decided


def _decided(run: Run) -> Members:
    with connection.cursor() as cursor:
        cursor.execute(ARMS, [run.pk])
        arms = tuple(arm for (arm,) in cursor)
    offers = list(run.offers.order_by("position").values_list("pk", flat=True))
    rows = copying.read(DECIDED, {"run": run.pk, "arms": list(arms), "offers": offers}, ROW)
    return Members(
        ids=rows["member"].astype(np.int64),
        arm=rows["arm"].astype(np.int8),
        arms=arms,
        offer=rows["offer"].astype(np.int16),
        score=rows["score"].astype(np.float64),
    )


def _beside_the_rest(decided: Members) -> Members:
    everyone = np.fromiter(Member.objects.order_by("pk").values_list("pk", flat=True), dtype=np.int64)
    at = np.searchsorted(everyone, decided.ids)
    if len(everyone) == len(decided):
        return decided
    return Members(
        ids=everyone,
        arm=_spread(decided.arm, at, len(everyone), len(decided.arms)),
        arms=(*decided.arms, NOT_DECIDED_ON),
        offer=_spread(decided.offer, at, len(everyone), -1),
        score=_spread(decided.score, at, len(everyone), np.nan),
    )


def _spread(values: np.ndarray, at: np.ndarray, n: int, otherwise: float) -> np.ndarray:
    spread = np.full(n, otherwise, dtype=values.dtype)
    spread[at] = values
    return spread
