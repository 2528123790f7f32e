"""Tables of equally long columns."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer.chance import Ints


@dataclass(frozen=True, eq=False)
class Rows:
    """A base for frozen dataclasses whose fields are all arrays of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, chosen: NDArray[np.bool_] | Ints) -> Self:
        """The rows chosen by a mask or by positions."""
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def __add__(self, other: Self) -> Self:
        return type(self)(
            *(np.concatenate([getattr(self, field.name), getattr(other, field.name)]) for field in fields(self))
        )
