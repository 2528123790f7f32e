"""The paths of categories, such as “Grocery > Coffee”, which is inside “Grocery”."""

from collections.abc import Iterable

STEP = " > "


def as_path(category: str) -> str:
    """The path as it is written everywhere, however its steps were set apart."""
    return STEP.join(steps(category))


def steps(category: str) -> tuple[str, ...]:
    return tuple(step.strip() for step in category.split(STEP.strip()))


def above(path: str) -> list[str]:
    """The categories that a category is in, the outermost first."""
    names = path.split(STEP)
    return [STEP.join(names[:depth]) for depth in range(1, len(names))]


def outermost(paths: Iterable[str]) -> list[str]:
    """Those of some categories that are in none of the others, ascending."""
    every = set(paths)
    return sorted(path for path in every if every.isdisjoint(above(path)))
