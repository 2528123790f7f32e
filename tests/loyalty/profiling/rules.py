"""Random segment rules over the features of some profiles, and their slow obvious evaluation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.history import names
from loyalty.profiling.parsing import Saved
from loyalty.profiling.table import Feature, Profiles, Value

Json = dict[str, object]


def random_rule(rng: np.random.Generator, profiles: Profiles, *, depth: int = 4, segments: int = 0) -> Json:
    """A rule of at most that depth, which may ask for that many segments; its values are often some member's own."""
    shapes = ["leaf", "all", "any", "not", *["segment"] * bool(segments)]
    shape = rng.choice(shapes) if depth > 1 else "leaf"
    if shape == "leaf":
        return _random_leaf(rng, profiles)
    if shape == "segment":
        return {"segment": int(rng.integers(0, segments))}
    inside = {"depth": depth - 1, "segments": segments}
    if shape == "not":
        return {"not": random_rule(rng, profiles, **inside)}
    return {str(shape): [random_rule(rng, profiles, **inside) for _ in range(rng.integers(0, 5))]}


def random_segments(rng: np.random.Generator, profiles: Profiles, count: int) -> list[Json]:
    """Rules of which each may ask for those before it."""
    return [random_rule(rng, profiles, depth=3, segments=number) for number in range(count)]


def finder(saved: Sequence[Json]) -> Callable[[int], Saved | None]:
    """Finds a segment by its place in the list."""
    return lambda number: Saved(f"S{number}", saved[number]) if 0 <= number < len(saved) else None


def holds(rule: Json, row: Mapping[str, Any], saved: Sequence[Json] = ()) -> bool:
    """Whether a rule holds for a member, by the plain meaning of its words.

    The row has the member's features, and under `bought` and `event` how much there is of what a condition asks about.
    """
    if "all" in rule:
        return all(holds(part, row, saved) for part in rule["all"])
    if "any" in rule:
        return any(holds(part, row, saved) for part in rule["any"])
    if "not" in rule:
        return not holds(rule["not"], row, saved)
    if "segment" in rule:
        return holds(saved[rule["segment"]], row, saved)
    if "bought" in rule or "event" in rule:
        return row["bought" if "bought" in rule else "event"](rule) >= asked(rule)
    return _compares(row[rule["feature"]], rule["is"], rule.get("value"))


def asked(leaf: Json) -> int:
    """How often, or else for how many ten-thousandths."""
    return leaf["times"] if "times" in leaf else round(leaf["amount"] * 10_000)


def _compares(value: Value, op: str, wanted: object) -> bool:
    if op in ("known", "unknown"):
        return (value is None) == (op == "unknown")
    if value is None:
        return False
    match op:
        case "at_least":
            return value >= wanted
        case "at_most":
            return value <= wanted
        case "between":
            return wanted[0] <= value <= wanted[1]
        case "equals":
            return value == wanted
    return value in wanted


def _random_leaf(rng: np.random.Generator, profiles: Profiles) -> Json:
    if profiles.history and rng.random() < 0.4:
        return random_past(rng, profiles)
    feature = profiles.features[str(rng.choice(list(profiles.features)))]
    op = str(rng.choice(allowed_ops(feature)))
    leaf = {"feature": feature.name, "is": op}
    if op in ("known", "unknown"):
        return leaf
    values = [_random_value(rng, profiles, feature) for _ in range(3)]
    operand = {"between": sorted(values[:2]), "in": values}.get(op, values[0])
    return leaf | {"value": operand}


def random_past(rng: np.random.Generator, profiles: Profiles) -> Json:
    """A condition on what was bought or on events."""
    return _random_bought(rng, profiles) if rng.random() < 0.7 else _random_event(rng, profiles)


def _random_bought(rng: np.random.Generator, profiles: Profiles) -> Json:
    words = profiles.vocabularies
    goods = str(rng.choice(["anything", "category", "brand", "product"]))
    leaf: Json = {"bought": goods}
    if goods != "anything":
        every = words[f"bought:{goods}"]
        leaf["named"] = rng.choice(every, rng.integers(1, len(every) + 1), replace=False).tolist()
    many = (
        {"times": int(rng.integers(1, 6))} if rng.random() < 0.6 else {"amount": float(rng.choice([0.0001, 3, 104.5]))}
    )
    where = {"channel": words[names.CHANNEL], "store": words[names.STORE]}
    return leaf | many | _random_circumstances(rng, where)


def _random_event(rng: np.random.Generator, profiles: Profiles) -> Json:
    words = profiles.vocabularies
    leaf = {"event": str(rng.choice(words[names.EVENT])), "times": int(rng.integers(1, 5))}
    return leaf | _random_circumstances(rng, {"channel": words[names.EVENT_CHANNEL]})


def _random_circumstances(rng: np.random.Generator, where: Mapping[str, Sequence[str]]) -> Json:
    days = {"days": int(rng.choice([1, 30, 90, 365]))} if rng.random() < 0.5 else {}
    return days | {name: str(rng.choice(words)) for name, words in where.items() if rng.random() < 0.3}


def _random_value(rng: np.random.Generator, profiles: Profiles, feature: Feature) -> object:
    if feature.kind == "category":
        return str(rng.choice(profiles.vocabularies[feature.name]))
    if feature.kind == "flag":
        return bool(rng.integers(0, 2))
    value = profiles.value(feature.name, int(rng.integers(0, len(profiles))))
    if value is not None and rng.random() < 0.7:
        return value
    return round(float(rng.random()), 2) if feature.kind == "share" else int(rng.integers(-5, 400))
