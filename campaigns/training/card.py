"""A scorer's card: what it learned from, what it may look at, and how good it is, as it is kept and shown."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from campaigns.scoring.calibration import Bin
from campaigns.scoring.intervals import Estimate
from campaigns.training.past import Past


@dataclass(frozen=True)
class Window:
    """Of which decisions: the days between which they were taken, how many, and in how many runs."""

    since: dt.date
    until: dt.date
    decisions: int
    runs: int


@dataclass(frozen=True)
class Looked:
    """A feature that the scorer looks at, and in words what members' data are used for by it."""

    name: str
    purpose: str


@dataclass(frozen=True)
class Figure:
    """A figure of quality of somebody: of the scorer itself, the one then in use, or a simpler way; or why none."""

    of: str
    found: Estimate | None
    why_not: str = ""


@dataclass(frozen=True)
class Measure:
    """One figure of all that were judged side by side. `unit` is what it is counted in, `better` says which way."""

    name: str
    says: str
    unit: str
    better: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Curve:
    """What would be gained, in money per member, by giving an offer to so large a share, the highest scores first."""

    share: tuple[float, ...]
    gain: tuple[float, ...]


@dataclass(frozen=True)
class Quality:
    """How good it is on later decisions, with what the pictures show."""

    measures: tuple[Measure, ...] = ()
    calibration: tuple[Bin, ...] = ()
    uplift: tuple[Bin, ...] = ()
    qini: Curve | None = None


@dataclass(frozen=True)
class Card:
    learned: Window | None
    judged: Window | None
    features: tuple[Looked, ...]
    quality: Quality
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain lists and dictionaries, days in the form 2026-03-02."""
        card = asdict(self)
        for name in ("learned", "judged"):
            if window := card[name]:
                card[name] |= {end: window[end].isoformat() for end in ("since", "until")}
        return card


def window(past: Sequence[Past]) -> Window | None:
    """None of no decisions."""
    if not past:
        return None
    days = [run.day for run in past]
    return Window(min(days), max(days), sum(len(run) for run in past), len(past))
