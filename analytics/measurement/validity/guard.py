"""One thing that must hold before a lift may be believed, and how it stands."""

from dataclasses import dataclass
from typing import Literal

State = Literal["fine", "look", "stop", "unknown"]
FINE: State = "fine"
LOOK: State = "look"
STOP: State = "stop"
UNKNOWN: State = "unknown"


@dataclass(frozen=True, slots=True)
class Guard:
    """How it stands by `name`: "stop" hides the lift, "look" is shown beside it, "unknown" could not be checked.

    The sentence says what was found and what to do next; `figure` is what it was judged by.
    """

    name: str
    state: State
    sentence: str
    figure: float | None = None


def by_limit(name: str, figure: float, *, limit: float, fine: str, stop: str) -> Guard:
    """Stops above the limit; the sentences may name the `figure` and the `limit`."""
    state, sentence = (STOP, stop) if figure > limit else (FINE, fine)
    return Guard(name, state, sentence.format(figure=figure, limit=limit), figure)


def unknown(name: str, why: str) -> Guard:
    return Guard(name, UNKNOWN, why)
