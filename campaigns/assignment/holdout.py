"""Who is held out of what: salted hashes, so that nothing needs to be stored and nothing can be chosen.

Layers exclude one another: who is in a higher one is in none below it. Universal members take part in nothing, generic
ones get the same offer all, and of the others each campaign holds some out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.digests import digests
from loyalty.profiling.refs import Refs

Units = Sequence[str] | Refs
HASHES = 2**64  # as many as there are first halves of hashes


class Arm(IntEnum):
    """What becomes of a member in a run, the higher layers last."""

    TREATED = 0
    HELD_OUT = 1
    GENERIC = 2
    UNIVERSAL = 3

    @property
    def label(self) -> str:
        """As the decision log calls it."""
        return self.name.lower()


@dataclass(frozen=True)
class Layer:
    """A share of those whom no higher layer took, drawn by a salt of its own."""

    salt: str
    share: Decimal | float


@dataclass(frozen=True)
class Layers:
    """The layers of a run; the programme's are None where it has drawn none."""

    campaign: Layer
    universal: Layer | None = None
    generic: Layer | None = None

    @property
    def shares(self) -> NDArray[np.float64]:
        """(4,): the planned share of each arm, by `Arm`; together 1."""
        universal, generic = (float(layer.share) if layer else 0.0 for layer in (self.universal, self.generic))
        held_out = float(self.campaign.share)
        others = (1 - universal) * (1 - generic)
        return np.array([others * (1 - held_out), others * held_out, (1 - universal) * generic, universal])

    @property
    def by_name(self) -> dict[str, float]:
        """The share of each arm that is planned to have any, by its name in the log."""
        return {arm.label: share for arm, share in zip(Arm, self.shares.tolist(), strict=True) if share}


def layers(units: Units, drawn: Layers) -> NDArray[np.uint8]:
    """(n,): the `Arm` of each unit; ValueError as `arms`, and for layers drawn by one salt, which are not independent.

    A unit stays in a layer whatever the shares of the layers below it are.
    """
    salts = [layer.salt for layer in (drawn.campaign, drawn.universal, drawn.generic) if layer]
    if len(set(salts)) < len(salts):
        raise ValueError("Two layers of holdouts have one salt: draw another for one of them.")
    held_out = arms(units, salt=drawn.campaign.salt, share_held_out=float(drawn.campaign.share))
    found = np.where(held_out, Arm.HELD_OUT, Arm.TREATED).astype(np.uint8)
    for arm, layer in ((Arm.GENERIC, drawn.generic), (Arm.UNIVERSAL, drawn.universal)):
        if layer and layer.share:
            found[inside(units, layer)] = arm
    return found


def inside(units: Units, layer: Layer) -> NDArray[np.bool_]:
    """True (n,) for the units whose hash is below the layer's threshold, to the last of its 64 bits."""
    return np.asarray(hashes(units, salt=layer.salt)[:, 0] < np.uint64(threshold(layer.share)))


def threshold(share: Decimal | float) -> int:
    """Below which number of 64 bits so large a share of all hashes lies; ValueError unless 0 ≤ share < 1.

    A database that compares bytes with it holds out the same members.
    """
    if not 0 <= share < 1:
        raise ValueError(f"The share of a layer is {share}: give one from 0 up to 1, without 1.")
    return math.ceil(Fraction(share) * HASHES)


def uniforms(units: Units, *, salt: str) -> NDArray[np.float64]:
    """One number in [0, 1) per unit, (n,): the first 8 bytes of SHA-256(salt | unit), big-endian, over 2^64.

    The same salt and unit give the same number wherever and whenever; another salt gives an unrelated one. Raises
    ValueError for an empty salt, with which all campaigns would hold out the same members.
    """
    return as_uniforms(hashes(units, salt=salt)[:, 0])


def hashes(units: Units, *, salt: str) -> NDArray[np.uint64]:
    """(n, 4): the whole SHA-256(salt | unit) of each unit, as four big-endian numbers; ValueError as `uniforms`."""
    if not salt:
        raise ValueError("A holdout needs a salt of its own: give one, and never change it.")
    return digests(f"{salt}|", units if isinstance(units, Refs) else Refs.of(list(units)))


def as_uniforms(numbers: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Numbers of 64 bits as numbers in [0, 1)."""
    # The topmost 2^10 of the 2^64 values would round up to 1.
    return np.minimum(numbers / 2.0**64, np.nextafter(1.0, 0.0))


def arms(units: Units, *, salt: str, share_held_out: float) -> NDArray[np.bool_]:
    """True (n,) for the units held out: those whose number is below the share. A larger share keeps all of them.

    Raises ValueError when the share is not between 0 and 1.
    """
    if not 0 <= share_held_out <= 1:
        raise ValueError(f"The share held out is {share_held_out}: give one between 0 and 1.")
    return uniforms(units, salt=salt) < share_held_out
