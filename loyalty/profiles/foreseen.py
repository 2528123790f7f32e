"""What is expected of members, as columns of their profiles: worked out by whoever can, while profiles are built.

The apps that can say so when they start; so what knows how to score members depends on profiles, and not the reverse.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from django.utils.module_loading import import_string

from loyalty.profiles.progress import Report
from loyalty.profiling.table import Feature, Profiles


class Foreseen(NamedTuple):
    """A feature and its value for each of n members, (n,) floats, NaN where there is none."""

    feature: Feature
    column: np.ndarray


# Of finished profiles, what is expected of their members.
Foresight = Callable[[Profiles], Iterable[Foreseen]]

_paths: list[str] = []


def add(path: str) -> None:
    """Ask the Foresight at this dotted path too, whenever profiles are built; its module is imported only then."""
    if path not in _paths:
        _paths.append(path)


def beside(profiles: Profiles, report: Report) -> Profiles:
    """The profiles with all that is foreseen of their members."""
    for path in _paths:
        foresight: Foresight = import_string(path)
        for feature, column in foresight(profiles):
            report(f"Working out: {feature.label}")
            profiles = replace(
                profiles,
                columns={**profiles.columns, feature.name: column},
                features={**profiles.features, feature.name: feature},
            )
    return profiles
