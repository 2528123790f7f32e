"""Past random decisions, and what came of them: what scorers learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import draws as drawing
from campaigns.scoring.draws import Draws

HELD_OUT = "held out"  # what stands for an offer's kind where nothing was offered
COLUMNS = {"run": np.int64, "kind": np.str_, "affinity": np.float64, "redeemed": np.bool_, "margin": np.float64}


@dataclass(frozen=True)
class History:
    """m decisions that chance made, each an array (m,): the run, the kind of offer given (HELD_OUT for nothing), the
    member's affinity for it, whether it was redeemed, and the margin earned afterwards in currency units.

    `draws` says what else chance could have given; without it a scorer can compare no more than kinds of offers.
    """

    run: NDArray[np.int64]
    kind: NDArray[np.str_]
    affinity: NDArray[np.float64]
    redeemed: NDArray[np.bool_]
    margin: NDArray[np.float64]
    draws: Draws | None = None

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in COLUMNS} | ({len(self.draws)} if self.draws else set())
        if len(lengths) != 1:
            raise ValueError("A history needs one entry per decision in every column.")

    def __len__(self) -> int:
        return len(self.run)

    def take(self, index: NDArray[Any]) -> "History":
        """The decisions at an index or under a mask."""
        columns: dict[str, Any] = {name: getattr(self, name)[index] for name in COLUMNS}
        return History(**columns, draws=self.draws.take(index) if self.draws else None)


def joined(histories: Sequence[History]) -> History:
    """All decisions of several histories, one after the other; with draws where every one of them has some."""
    none: dict[str, Any] = {name: np.array([], dtype=kind) for name, kind in COLUMNS.items()}
    if not histories:
        return History(**none)
    columns: dict[str, Any] = {name: np.concatenate([getattr(each, name) for each in histories]) for name in none}
    draws = [each.draws for each in histories if each.draws]
    return History(**columns, draws=drawing.joined(draws) if len(draws) == len(histories) else None)
