"""What the index is built from: blocks of purchase lines and of events, and what products are."""

from dataclasses import dataclass, fields

import numpy as np


class Rows:
    """Columns of one length, with a position of a member and a day for each row."""

    member: np.ndarray
    day: np.ndarray

    def __post_init__(self) -> None:
        if any(getattr(self, column.name).shape != self.member.shape for column in fields(self)):  # type: ignore[arg-type]
            raise ValueError("Every column needs one value per row.")

    def columns_before(self, day: int) -> dict[str, np.ndarray]:
        """The rows of known members on earlier days."""
        counted = np.flatnonzero((self.member >= 0) & (self.day < day))
        return {column.name: getattr(self, column.name)[counted] for column in fields(self)}  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class LineRows(Rows):
    """m purchase lines in any order; each column is (m,).

    `member` is the position among the members, `day` since 1970-01-01, `basket` a code, `product`, `channel` and
    `store` are codes, -1 for none, and `net_e4` what was paid in ten-thousandths, negative for a return.
    """

    member: np.ndarray
    day: np.ndarray
    basket: np.ndarray
    product: np.ndarray
    channel: np.ndarray
    store: np.ndarray
    net_e4: np.ndarray


@dataclass(frozen=True, eq=False)
class EventRows(Rows):
    """e events in any order: member and day as in lines, codes of kind and channel (-1 for none); (e,) each."""

    member: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    channel: np.ndarray


@dataclass(frozen=True)
class Catalogue:
    """The products by ascending reference, each with its name, the path of its category and its brand, or ""."""

    refs: tuple[str, ...]
    names: tuple[str, ...]
    categories: tuple[str, ...]
    brands: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What the codes of lines and events mean, each ascending."""

    channels: tuple[str, ...]
    stores: tuple[str, ...]
    events: tuple[str, ...]
    event_channels: tuple[str, ...]
