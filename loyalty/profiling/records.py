"""What profiles are built from: members and purchase lines as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Members:
    """n members, ascending by id.

    `member_ids` (n,) int64; `joined_day` (n,) days since 1970-01-01 and `birth_year` (n,), both -1 where unknown;
    `tier` and `home_store` (n,) codes, and `places` more of them by name: where members live and shop. `attributes` are
    the retailer's own columns by bare name: codes where the vocabularies hold `attr_<name>`, int8 flags (1, 0, -1), or
    floats. `told` is what members told us, by the name of the feature: codes or flags.
    """

    member_ids: np.ndarray
    joined_day: np.ndarray
    birth_year: np.ndarray
    tier: np.ndarray
    home_store: np.ndarray
    attributes: Mapping[str, np.ndarray] = field(default_factory=dict)
    places: Mapping[str, np.ndarray] = field(default_factory=dict)
    told: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = [
            self.joined_day,
            self.birth_year,
            self.tier,
            self.home_store,
            *self.attributes.values(),
            *self.places.values(),
            *self.told.values(),
        ]
        if any(column.shape != self.member_ids.shape for column in columns):
            raise ValueError("Every column of the members needs one value per member.")
        if np.any(np.diff(self.member_ids) <= 0):
            raise ValueError("Members must be ascending by id, each once.")

    def __len__(self) -> int:
        return len(self.member_ids)


@dataclass(frozen=True, eq=False)
class Lines:
    """m purchase lines, in any order.

    `member` (m,) is the position among the members, -1 for a purchase without a member; `day` (m,) days since
    1970-01-01; `hour` (m,) 0..23; `basket`, `department` and `channel` (m,) codes, -1 for unknown in the last two;
    `net_e4` (m,) int64 what was paid and `discount_e4` (m,) int64 what was taken off (positive), both in
    ten-thousandths of the currency unit. A return has negative amounts.
    """

    member: np.ndarray
    day: np.ndarray
    hour: np.ndarray
    basket: np.ndarray
    department: np.ndarray
    channel: np.ndarray
    net_e4: np.ndarray
    discount_e4: np.ndarray

    def __post_init__(self) -> None:
        if any(getattr(self, column.name).shape != self.member.shape for column in fields(self)):
            raise ValueError("Every column of the lines needs one value per line.")

    def __len__(self) -> int:
        return len(self.member)

    @classmethod
    def none(cls) -> "Lines":
        return cls(*(np.zeros(0, dtype=np.int64) for _ in fields(cls)))

    def before(self, day: int) -> "Lines":
        """The lines of known members on earlier days."""
        counted = (self.member >= 0) & (self.day < day)
        if counted.all():
            return self
        return replace(self, **{column.name: getattr(self, column.name)[counted] for column in fields(self)})


@dataclass(frozen=True, eq=False)
class Events:
    """e events in any order: position of the member (-1 nobody), days since 1970-01-01, code of the kind; (e,) each."""

    member: np.ndarray
    day: np.ndarray
    kind: np.ndarray

    def before(self, day: int) -> "Events":
        """The events of known members on earlier days."""
        return self._where((self.member >= 0) & (self.day < day))

    def since(self, day: int) -> "Events":
        return self._where(self.day >= day)

    def _where(self, chosen: np.ndarray) -> "Events":
        return Events(self.member[chosen], self.day[chosen], self.kind[chosen])
