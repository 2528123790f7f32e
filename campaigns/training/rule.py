"""Whether a challenger comes into use: only if it did better on decisions later than all it learned from."""

from dataclasses import dataclass

from campaigns.scoring.intervals import Estimate

FALLBACK = "affinity"  # the kind that decides where nothing is proven; every other kind has to prove a gain


@dataclass(frozen=True)
class Standing:
    """How a challenger did on later decisions, in words a page can show.

    `own` is the `figure` that has to be above 0, `champion` that of the scorer in use on the same rows; `over` is by
    how much it did better than that one, which `compared` says with places for the difference and the other's name.
    `counted` says how many rows. None, and `unknown` says why, where there is no figure.
    """

    figure: str
    compared: str
    counted: str = ""
    own: Estimate | None = None
    over: Estimate | None = None
    champion: Estimate | None = None
    unknown: str = ""


@dataclass(frozen=True)
class InUse:
    """What a challenger would replace. It `knows` something unless it learned from nothing at all."""

    name: str
    kind: str
    knows: bool


@dataclass(frozen=True)
class Ruled:
    """Whether the challenger comes into use, and in a clause why."""

    comes: bool
    because: str

    @property
    def why(self) -> str:
        return f"{'In use' if self.comes else 'Not in use'}: {self.because}"


def ruled(standing: Standing, *, kind: str, in_use: InUse | None) -> Ruled:
    """Judge a challenger of a kind. Any but the fallback needs the whole interval of its figure above 0.

    The fallback takes an empty place, and that of a scorer that no longer proves its gain; anything else in use is
    replaced by what did better on the same rows.
    """
    has_place = in_use is None or not in_use.knows
    if standing.own is None:
        return _unjudged(standing, comes=has_place and kind == FALLBACK)
    found = f"its {standing.figure} on {standing.counted} is {written(standing.own)}"
    if kind != FALLBACK and standing.own.low <= 0:
        return Ruled(comes=False, because=f"{found}, and an interval that includes 0 proves no gain.")
    if in_use is None or has_place:
        return Ruled(comes=True, because=f"{found}, and nothing that had learned was in use before it.")
    if kind == FALLBACK != in_use.kind and standing.champion and standing.champion.low <= 0:
        lost = f"the {standing.figure} of {in_use.name} on {standing.counted} is {written(standing.champion)}"
        return Ruled(
            comes=True, because=f"{lost}, an interval that includes 0 proves no gain, and so the simpler one decides."
        )
    return _compared(standing, found, in_use)


def written(estimate: Estimate) -> str:
    """0.123 (0.045 to 0.201)."""
    places = 3 if max(abs(estimate.low), abs(estimate.high)) < 1 else 2
    value, low, high = (
        f"{each:.{places}f}".replace("-", "−") for each in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low} to {high})"


def _unjudged(standing: Standing, *, comes: bool) -> Ruled:
    if comes:
        return Ruled(
            comes=True,
            because=f"nothing that had learned was in use before it, though it could not be judged. {standing.unknown}",
        )
    return Ruled(comes=False, because=f"it could not be judged. {standing.unknown}")


def _compared(standing: Standing, found: str, in_use: InUse) -> Ruled:
    if standing.over is None:
        return Ruled(
            comes=False, because=f"{found}, but cannot be compared with that of {in_use.name}. {standing.unknown}"
        )
    difference = standing.compared.format(written(standing.over), in_use.name)
    return Ruled(comes=standing.over.value > 0, because=f"{found}, and {difference}.")
