"""What scorers learn from: past decisions in which chance chose both who was held out and which offer was given."""

from dataclasses import dataclass

import numpy as np

HELD_OUT = ""


@dataclass(frozen=True, eq=False)
class History:
    """m past decisions, a column each.

    `run` are codes; `kind` is the offer's kind, HELD_OUT for the held out; `affinity` is the member's for the offer's
    department, 1 for average; `redeemed` says whether they redeemed it; `margin` is their whole-basket margin over the
    outcome window, after the discount at the till, in currency units. Raises ValueError when the lengths differ.
    """

    run: np.ndarray
    kind: np.ndarray
    affinity: np.ndarray
    redeemed: np.ndarray
    margin: np.ndarray

    def __post_init__(self) -> None:
        if len({len(self.run), len(self.kind), len(self.affinity), len(self.redeemed), len(self.margin)}) > 1:
            raise ValueError("Every column of the history needs one entry per decision.")

    def __len__(self) -> int:
        return len(self.run)
