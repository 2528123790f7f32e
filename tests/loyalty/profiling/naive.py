"""Every feature computed slowly and obviously, one member and one purchase at a time, to compare with."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from statistics import median

from loyalty.profiling.affinity import FULL_WEIGHT
from loyalty.profiling.rfm import GRID
from tests.loyalty.profiling.worlds import AS_OF, TODAY, VOCABULARIES, World


def rows(world: World, chosen: Iterable[int] | None = None) -> list[dict[str, object]]:
    """One dictionary of features per member, or per chosen position, None for unknown."""
    lines = _lines_by_member(world)
    baskets = [_baskets(own) for own in lines]
    days = [sorted({basket["day"] for basket in own if basket["net"] > 0}) for own in baskets]
    features = [
        _bought(own) | {"recency_days": TODAY - shopped[-1] if shopped else None, "interval_days": _interval(shopped)}
        for own, shopped in zip(baskets, days, strict=True)
    ]
    _add_scores(features)
    _add_affinities(features, lines)
    _add_department_windows(features, lines)
    _add_discount_sensitivity(features, lines)
    typical = _typical([row["interval_days"] for row in features])
    history_start = min((line["day"] for own in lines for line in own), default=TODAY)
    positions = range(len(features)) if chosen is None else chosen
    return [
        features[member]
        | _stage(days[member], int(world.members.joined_day[member]), typical, history_start)
        | _record(world, member)
        | _attention(world, member)
        for member in positions
    ]


def is_same(value: object, expected: object) -> bool:
    """Equal, or a unit in the last place of float32 apart: half of it to round, half for the shortest decimal."""
    if isinstance(value, float) and expected is not None:
        return math.isclose(value, expected, rel_tol=2**-23)
    return value == expected


def _lines_by_member(world: World) -> list[list[dict[str, int]]]:
    names = ("member", "day", "hour", "basket", "department", "channel", "net_e4", "discount_e4")
    columns = [getattr(world.lines, name).tolist() for name in names]
    by_member: list = [[] for _ in world.members.member_ids]
    for values in zip(*columns, strict=True):
        line = dict(zip(names, values, strict=True))
        if line["member"] >= 0 and line["day"] < TODAY:
            by_member[line["member"]].append(line)
    return by_member


def _baskets(lines: list[dict[str, int]]) -> list[dict[str, int]]:
    baskets: dict = defaultdict(lambda: {"net": 0, "discount": 0, "channel": -1, "lines": 0, "hour": 24})
    for line in lines:
        basket = baskets[line["basket"], line["day"]]
        basket["day"] = line["day"]
        basket["net"] += line["net_e4"]
        basket["lines"] += 1
        basket["hour"] = min(basket["hour"], line["hour"])
        basket["discount"] += line["discount_e4"]
        basket["channel"] = max(basket["channel"], line["channel"])
    return list(baskets.values())


def _bought(baskets: list[dict[str, int]]) -> dict[str, object]:
    window = [basket for basket in baskets if basket["day"] >= TODAY - 365]
    ever = [basket for basket in baskets if basket["net"] > 0]
    recent = [basket for basket in window if basket["net"] > 0]
    paid, taken_off = sum(basket["net"] for basket in window), sum(basket["discount"] for basket in window)
    meant = recent or ever
    last_quarter, before = _paid(baskets, 1, 90), _paid(baskets, 91, 180)
    return {
        **{f"baskets_{days}": sum(b["day"] >= TODAY - days for b in ever) for days in (30, 90)},
        **{f"spend_{days}": _paid(baskets, 1, days) / 10_000 for days in (30, 90)},
        "baskets_365": len(recent),
        "baskets_total": len(ever),
        "spend_365": paid / 10_000,
        "spend_trend": max(0, last_quarter / before) if before > 0 else None,
        "average_basket": sum(basket["net"] for basket in meant) / (len(meant) * 10_000) if meant else None,
        "lines_per_basket": sum(basket["lines"] for basket in meant) / len(meant) if meant else None,
        "discount_share": min(1, max(0, taken_off / (taken_off + paid))) if taken_off + paid > 0 else None,
        "channel_preference": _channel([VOCABULARIES["channel"][b["channel"]] for b in recent if b["channel"] >= 0]),
        "daypart_preference": _daypart([basket["hour"] for basket in recent]),
    }


def _paid(baskets: list[dict[str, int]], youngest: int, oldest: int) -> int:
    return sum(basket["net"] for basket in baskets if youngest <= TODAY - basket["day"] <= oldest)


def _daypart(hours: list[int]) -> str:
    if len(hours) < 5:
        return "not enough data"
    times = {"morning": range(5, 11), "midday": range(11, 17), "evening": range(17, 22), "night": (22, 23, *range(5))}
    preferred = [name for name, part in times.items() if 2 * sum(hour in part for hour in hours) > len(hours)]
    return preferred[0] if preferred else "no preference"


def _channel(words: list[str]) -> str:
    store, online = words.count("store"), words.count("online") + words.count("app")
    if store + online < 3:
        return "not enough data"
    if Fraction(store, store + online) >= Fraction(4, 5):
        return "store"
    return "online" if Fraction(online, store + online) >= Fraction(4, 5) else "both"


def _interval(days: list[int]) -> float | None:
    gaps = [later - earlier for earlier, later in itertools.pairwise(days)]
    return sum(gaps) / len(gaps) if gaps else None


def _typical(intervals: list[float | None]) -> float:
    known = [interval for interval in intervals if interval is not None]
    return median(known) if known else 30.0


def _stage(days: list[int], joined: int, typical: float, history_start: int) -> dict[str, object]:
    known_joined = joined if 0 <= joined <= TODAY else None
    began = known_joined if known_joined is not None and known_joined < history_start else (days or [None])[0]
    stage = stage_on(TODAY, days, began, typical)
    start = TODAY
    while days and stage_on(start - 1, days, began, typical) == stage:
        start -= 1
    if not days:
        start = known_joined
    return {"lifecycle": stage, "stage_days": None if start is None else TODAY - start}


def stage_on(day: int, all_days: list[int], began: int | None, typical: float) -> str:
    """The stage by its definition, told from the days before it alone."""
    days = [shopped for shopped in all_days if shopped < day]
    if not days:
        return "never bought"
    if day - began <= 60:
        return "new"
    if _is_late(day, days, typical):
        return "lapsing"
    returns = [shopped for shopped in days[1:] if shopped >= day - 30]
    return "reactivated" if any(_is_late(back, days, typical) for back in returns) else "established"


def _is_late(day: int, all_days: list[int], typical: float) -> bool:
    days = [shopped for shopped in all_days if shopped < day]
    interval = _interval(days)
    usual = min(182, max(14, typical if interval is None else interval))
    return day - days[-1] > 2 * usual


def _record(world: World, member: int) -> dict[str, object]:
    members = world.members
    joined, year = int(members.joined_day[member]), int(members.birth_year[member])
    return {
        "tenure_days": TODAY - joined if 0 <= joined <= TODAY else None,
        "age": max(0, AS_OF.year - year - 1) if 0 <= AS_OF.year - year <= 120 and year > 0 else None,
        "tier": _word("tier", members.tier[member]),
        "home_store": _word("home_store", members.home_store[member]),
        **{f"attr_{name}": _attribute(name, column[member]) for name, column in members.attributes.items()},
    }


def _attribute(name: str, raw: float) -> object:
    if name == "pet":
        return _word("attr_pet", raw)
    if name == "newsletter":
        return None if raw < 0 else bool(raw)
    return None if math.isnan(raw) else float(raw)


def _word(name: str, code: int) -> str | None:
    return VOCABULARIES[name][code] if code >= 0 else None


def _add_scores(features: list[dict[str, object]]) -> None:
    buyers = [row for row in features if row["recency_days"] is not None]
    for row in features:
        row.update(dict.fromkeys(("recency_score", "frequency_score", "monetary_score", "rfm_cell")))
    names = ("recency_days", "baskets_365", "spend_365")
    cuts = {name: fifths([row[name] for row in buyers]) for name in names} if buyers else {}
    for row in buyers:
        recency, frequency, monetary = (1 + sum(row[name] > cut for cut in cuts[name]) for name in names)
        cell = GRID[5 - recency][(frequency + monetary + 1) // 2 - 1]
        row |= {"recency_score": 6 - recency, "frequency_score": frequency, "monetary_score": monetary}
        row["rfm_cell"] = cell


def fifths(values: list[float]) -> list[Fraction]:
    """Four quantiles by straight lines between the ordered values (Hyndman and Fan, 1996, definition 7)."""
    ordered = [Fraction(value) for value in sorted(values)]
    places = [Fraction(fifth, 5) * (len(ordered) - 1) for fifth in (1, 2, 3, 4)]
    return [
        ordered[int(place)] + (place % 1) * (ordered[min(int(place) + 1, len(ordered) - 1)] - ordered[int(place)])
        for place in places
    ]


def _add_affinities(features: list[dict[str, object]], lines: list[list[dict[str, int]]]) -> None:
    names = VOCABULARIES["department"]
    spend = [[max(0, _weighted(own, code)) for code in range(len(names))] for own in lines]
    everybody = [sum(column) for column in zip(*spend, strict=True)] or [0] * len(names)
    for row, own in zip(features, spend, strict=True):
        row["top_category"] = names[own.index(max(own))] if sum(own) else None
        for name, part, whole in zip(names, own, everybody, strict=True):
            known = sum(own) and whole
            ratio = Fraction(part, sum(own)) / Fraction(whole, sum(everybody)) if known else None
            row[f"affinity:{name}"] = ratio if ratio is None else float(ratio)


def _weighted(lines: list[dict[str, int]], department: int) -> int:
    chosen = [line for line in lines if line["department"] == department]
    weights = [max(1, round(FULL_WEIGHT * 0.5 ** ((TODAY - line["day"]) / 90))) for line in chosen]
    return sum(weight * line["net_e4"] for weight, line in zip(weights, chosen, strict=True))


def _add_department_windows(features: list[dict[str, object]], lines: list[list[dict[str, int]]]) -> None:
    for row, own in zip(features, lines, strict=True):
        for (code, name), days in itertools.product(enumerate(VOCABULARIES["department"]), (30, 90, 365)):
            nets = [each["net_e4"] for each in own if each["department"] == code and TODAY - each["day"] <= days]
            row |= {f"bought_{days}:{name}": sum(net > 0 for net in nets), f"spent_{days}:{name}": sum(nets) / 10_000}


def _add_discount_sensitivity(features: list[dict[str, object]], lines: list[list[dict[str, int]]]) -> None:
    bought = [[each for each in own if each["net_e4"] > 0 and TODAY - each["day"] <= 365] for own in lines]
    reduced = [sum(each["discount_e4"] > 0 for each in own) for own in bought]
    for row, own, count in zip(features, bought, reduced, strict=True):
        known = len(own) >= 10 and sum(reduced)
        row["discount_sensitivity"] = count / len(own) * sum(map(len, bought)) / sum(reduced) if known else None


def _attention(world: World, member: int) -> dict[str, object]:
    events = [each for block in world.events for each in zip(block.member, block.day, block.kind, strict=True)]
    own = [(TODAY - day, kind) for of, day, kind in events if of == member and day < TODAY]
    counted = {
        f"{name}_{days}": sum(code == kind and age <= days for age, code in own)
        for kind, name in enumerate(("opens", "clicks", "views"))
        for days in (30, 90)
    }
    return {**counted, "engaged_days": min((age for age, _ in own), default=None)}
