"""From members and their purchase lines to one row of features per member, as of the start of a day.

Only lines of earlier days count. A member without a visit has 0 baskets and no scores, interval, basket or affinity;
a member with one shopping day has no interval. Each formula is in the module of its name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from loyalty.profiling import (
    affinity,
    blocks,
    departments,
    dictionary,
    engagement,
    families,
    freshness,
    habits,
    lifecycle,
    membership,
    rfm,
    shopping,
    stating,
)
from loyalty.profiling.growing import by_rows
from loyalty.profiling.records import Events, Lines, Members
from loyalty.profiling.shopping import Columns, Scope, Shopping
from loyalty.profiling.table import Feature, Profiles, code_type, day_number

__all__ = ["Events", "Lines", "Members", "build"]

Vocabularies = Mapping[str, tuple[str, ...]]


def build(
    members: Members,
    lines: Lines | Iterable[Lines],
    *,
    as_of: date,
    vocabularies: Vocabularies,
    events: Iterable[Events] = (),
    scheme: rfm.Scheme = rfm.USUAL,
    aside: Path | None = None,
) -> Profiles:
    """The profiles of n members at the start of `as_of`; the order of lines and events does not change a byte of them.

    The lines come at once, or in blocks that ascend by member and hold all lines of theirs; how they are cut changes
    nothing. Blocks are gone through twice where there are more than `departments.MOST` departments.
    `scheme` says how RFM cells are cut and named.
    `vocabularies` holds the words behind the codes: `department`, `channel`, `tier`, `home_store`, places and
    `attr_<name>`.
    With a directory `aside`, most columns are files there, mapped, and not in memory.
    ValueError where a code has no word or a line's member is not among the members.
    """
    _check_codes(_member_codes(members), vocabularies)
    parts = _Parts([lines] if isinstance(lines, Lines) else lines, members, vocabularies, day_number(as_of))
    bought = _bought(parts, len(members), vocabularies, day_number(as_of), aside)
    by_feed = {
        freshness.PURCHASES: {
            **bought.columns,
            **_compared_columns(members, bought, day_number(as_of), scheme, aside),
            **_category_columns(bought.weighted_spend, vocabularies, aside),
        },
        freshness.EVENTS: engagement.columns(events, members=len(members), on_day=day_number(as_of)),
        "": _record_columns(members, as_of),
    }
    newest = _newest(as_of, bought, by_feed[freshness.EVENTS])
    columns = {name: column for found in by_feed.values() for name, column in found.items()}
    features = {
        name: freshness.declared(_feature(name, column, vocabularies), feed)
        for feed, found in by_feed.items()
        for name, column in found.items()
    }
    features["rfm_cell"] = replace(features["rfm_cell"], choices=scheme.names)
    words = {name: _words(feature, vocabularies) for name, feature in features.items() if feature.kind == "category"}
    stored = {
        name: column.astype(_type(features[name], words), copy=False)
        for name, column in ((name, columns.pop(name)) for name in features)
    }
    return Profiles(as_of, members.member_ids.astype(np.int64), stored, words, features, newest)


class _Parts:
    """The lines that count, block by block, checked as they are gone through; can be gone through again."""

    def __init__(self, parts: Iterable[Lines], members: Members, vocabularies: Vocabularies, on_day: int) -> None:
        self.parts, self.members, self.vocabularies, self.on_day = parts, len(members), vocabularies, on_day

    def __iter__(self) -> Iterator[Lines]:
        for part in self.parts:
            _check_codes({"department": part.department, "channel": part.channel}, self.vocabularies)
            if part.member.max(initial=-1) >= self.members:
                raise ValueError(f"A line names member {part.member.max()}, but there are {self.members} members.")
            yield part.before(self.on_day)


def _bought(
    parts: Iterable[Lines], members: int, vocabularies: Vocabularies, on_day: int, aside: Path | None
) -> Shopping:
    names = vocabularies.get("department", ())
    scope = Scope(on_day, vocabularies.get("channel", ()), names, _told_apart(parts, len(names)))
    return blocks.over(parts, lambda lines, count: shopping.of(lines, count, scope), members=members, aside=aside)


def _told_apart(parts: Iterable[Lines], count: int) -> list[int]:
    if count <= departments.MOST:
        return list(range(count))
    lines = sum(np.bincount(part.department + 1, minlength=count + 1) for part in parts)
    return departments.foremost(np.asarray(lines)[1:]) if np.ndim(lines) else list(range(departments.MOST))


def _newest(as_of: date, bought: Shopping, attention: Columns) -> dict[str, date]:
    """The day of the newest purchase and of the newest event, where there is one."""
    ages = {
        freshness.PURCHASES: day_number(as_of) - bought.known_until,
        freshness.EVENTS: attention["engaged_days"],
    }
    youngest = {feed: np.fmin.reduce(age, initial=np.inf) for feed, age in ages.items()}
    return {feed: as_of - timedelta(days=int(age)) for feed, age in youngest.items() if np.isfinite(age)}


def _compared_columns(
    members: Members, bought: Shopping, on_day: int, scheme: rfm.Scheme, aside: Path | None
) -> Columns:
    """What takes the purchases of others too."""
    known_from = int(np.fmin.reduce(bought.known_from, initial=on_day))
    own_intervals = lifecycle.own_intervals(bought.rhythm)
    typical = lifecycle.typical_interval(own_intervals)

    def stages(rows: slice) -> Columns:
        rhythm, joined = bought.rhythm.of(rows), members.joined_day[rows]
        found = lifecycle.stages(rhythm, joined, on_day=on_day, history_start=known_from, typical=typical)
        return {"lifecycle": found.code, "stage_days": found.days.astype(np.float32)}

    return {
        "interval_days": own_intervals,
        **by_rows(stages, rows=len(members), aside=aside),
        "discount_sensitivity": habits.discount_sensitivity(bought.lines, bought.reduced),
        **_rfm_columns(bought.columns, scheme),
    }


def _rfm_columns(columns: Columns, scheme: rfm.Scheme) -> Columns:
    """Scores among the members who ever made a visit; the others have none."""
    recency = columns["recency_days"].astype(np.float64)  # fifths of it are no whole numbers
    bought = ~np.isnan(recency)
    cuts = scheme.cuts
    by_recency = rfm.scores(recency, cuts=cuts.get("recency_days"), low_is_best=True)
    by_frequency, by_spend = (
        rfm.scores(np.where(bought, columns[name], np.nan), cuts=cuts.get(name))
        for name in ("baskets_365", "spend_365")
    )
    return {
        "recency_score": by_recency,
        "frequency_score": by_frequency,
        "monetary_score": by_spend,
        "rfm_cell": rfm.cells(by_recency, by_frequency, by_spend, of=scheme),
    }


def _category_columns(weighted_spend: np.ndarray, vocabularies: Vocabularies, aside: Path | None) -> Columns:
    everybody = affinity.everybodys(weighted_spend)

    def columns(rows: slice) -> Columns:
        spend = weighted_spend[rows]
        affinities = affinity.affinities(spend, everybody)
        return {
            "top_category": affinity.top_departments(spend).astype(np.int32),
            **{f"affinity:{name}": affinities[:, code] for code, name in enumerate(vocabularies.get("department", ()))},
        }

    return by_rows(columns, rows=len(weighted_spend), aside=aside)


def _record_columns(members: Members, as_of: date) -> Columns:
    return {
        "tenure_days": membership.tenure_days(members.joined_day, as_of),
        "age": membership.least_age(members.birth_year, as_of),
        "tier": members.tier,
        "home_store": members.home_store,
        **members.places,
        **members.told,
        **{f"attr_{name}": column for name, column in members.attributes.items()},
    }


def _feature(name: str, column: np.ndarray, vocabularies: Vocabularies) -> Feature:
    if name in dictionary.FIXED:
        return dictionary.FIXED[name]
    family, _, rest = name.partition(":")
    if family in families.BY_DEPARTMENT:
        return families.BY_DEPARTMENT[family](rest)
    if stating.is_told(name):
        return stating.feature(name)
    if name in vocabularies:
        return families.attribute(name.removeprefix("attr_"), "category")
    return families.attribute(name.removeprefix("attr_"), "flag" if column.dtype == np.int8 else "number")


def _words(feature: Feature, vocabularies: Vocabularies) -> tuple[str, ...]:
    """The words behind the codes of a category: ours where we have chosen them, else the retailer's."""
    if feature.choices:
        return feature.choices
    return vocabularies.get("department" if feature.name == "top_category" else feature.name, ())


def _type(feature: Feature, words: Vocabularies) -> np.dtype:
    """Money keeps its cents in float64; float32 is exact for all other whole numbers that occur."""
    match feature.kind:
        case "category":
            return code_type(words[feature.name])
        case "flag":
            return np.dtype(np.int8)
        case "money":
            return np.dtype(np.float64)
        case _:
            return np.dtype(np.float32)


def _member_codes(members: Members) -> Columns:
    return {
        "tier": members.tier,
        "home_store": members.home_store,
        **members.places,
        **{f"attr_{name}": column for name, column in members.attributes.items()},
    }


def _check_codes(coded: Mapping[str, np.ndarray], vocabularies: Vocabularies) -> None:
    for name, codes in coded.items():
        if name.startswith("attr_") and name not in vocabularies:
            continue
        if codes.max(initial=-1) >= len(vocabularies.get(name, ())):
            raise ValueError(
                f"A code of {name} is {codes.max()}, but there are {len(vocabularies.get(name, ()))} words."
            )
