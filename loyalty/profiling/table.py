"""The table of profiles: one row per member, one typed column per feature, all as of one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np

from loyalty.profiling.history.index import History
from loyalty.profiling.steps import Steps

Kind = Literal["days", "count", "money", "share", "ratio", "score", "number", "category", "flag"]
Value = float | int | str | bool | None
Column = np.ndarray | Steps

EPOCH = date(1970, 1, 1)
EVERY_ROW = slice(None)
WHOLE_KINDS = frozenset({"days", "count", "score"})


@dataclass(frozen=True)
class Feature:
    """What a column says, where it comes from and what it is for.

    `label` is what a marketer reads, `sentence` what the member reads, with `{value}` where the value goes (fill it
    with `wording.member_sentence`). `choices` lists the words of a category whose words are ours; a retailer's own
    words are in the vocabularies of the profiles. `feed` is what comes in from outside for it, `max_age_days` how long
    that may have been silent, and `stale` one sentence where it has been silent for longer.
    """

    name: str
    label: str
    unit: str
    kind: Kind
    source: str
    purpose: str
    sentence: str
    sensitive: bool = False
    choices: tuple[str, ...] = ()
    feed: str = ""
    max_age_days: int | None = None
    stale: str = ""


@dataclass(frozen=True, eq=False)
class Profiles:
    """What is known of n members at the start of the day `as_of`.

    `member_ids` is (n,) int64, ascending. `columns` are kept as they were computed or read; `column` gives the values
    of one: (n,) floats with NaN for unknown (float64 for money, float32 otherwise), codes into the vocabulary of the
    column's name with -1 for unknown (categories), or 1, 0 and -1 (flags). `newest` is the day of the newest thing
    that each feed told of any member. `history` is what they bought and did, where it is kept beside the profiles; the
    words that conditions on it may use are among the vocabularies.
    """

    as_of: date
    member_ids: np.ndarray
    columns: Mapping[str, Column]
    vocabularies: Mapping[str, tuple[str, ...]]
    features: Mapping[str, Feature]
    newest: Mapping[str, date] = field(default_factory=dict)
    history: History | None = None

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if column.shape != self.member_ids.shape:
                raise ValueError(f"Column {name} has shape {column.shape}, but there are {len(self)} members.")
            if name not in self.features:
                raise ValueError(f"Column {name} has no feature that describes it.")

    def __len__(self) -> int:
        return len(self.member_ids)

    def column(self, name: str, rows: slice = EVERY_ROW) -> np.ndarray:
        """The values of one feature, of all n members or those in some rows; read-only where they are memory-mapped.

        KeyError with a sentence where these profiles do not have it. Of many members, ask for the rows you need:
        numbers that are kept as steps are made floats each time.
        """
        if name not in self.columns:
            raise KeyError(f"These profiles as of {self.as_of} have no feature {name}.")
        values = self.columns[name][rows]
        return values.floats() if isinstance(values, Steps) else values

    def take(self, index: np.ndarray) -> "Profiles":
        """The members at an (m,) ascending index or under an (n,) boolean mask; ValueError when not ascending."""
        member_ids = self.member_ids[index]
        if np.any(np.diff(member_ids) <= 0):
            raise ValueError("Take members in ascending order and each once, so that they can be found by id.")
        columns = {name: column[index] for name, column in self.columns.items()}
        history = self.history and self.history.take(index)
        return replace(self, member_ids=member_ids, columns=columns, history=history)

    def with_history(self, history: History) -> "Profiles":
        """The same members with what they bought and did."""
        return replace(self, history=history, vocabularies={**self.vocabularies, **history.words})

    def position(self, member_id: int) -> int | None:
        """The row of a member, or None for a member these profiles do not know."""
        row = int(np.searchsorted(self.member_ids, member_id))
        return row if row < len(self) and self.member_ids[row] == member_id else None

    def value(self, name: str, position: int) -> Value:
        """One value as plain Python: a word, a bool, a whole number, the shortest float that means it, or None."""
        feature, raw = self.features[name], self.column(name, slice(position, position + 1))[0]
        if feature.kind == "category":
            return self.vocabularies[name][raw] if raw >= 0 else None
        if feature.kind == "flag":
            return bool(raw) if raw >= 0 else None
        if np.isnan(raw):
            return None
        return int(raw) if feature.kind in WHOLE_KINDS and raw == int(raw) else float(str(raw))

    def row(self, position: int) -> dict[str, Value]:
        """All values of one member by feature name, None where unknown."""
        return {name: self.value(name, position) for name in self.columns}


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def code_type(words: tuple[str, ...]) -> np.dtype:
    """The smallest signed type that holds a code for each of these words, and -1."""
    return np.min_scalar_type(-max(1, len(words)))
