"""From members and their purchase lines to one row of features per member, as of the start of a day.

Only lines of earlier days count. A member without a visit has 0 baskets and no scores, interval, basket or affinity;
a member with one shopping day has no interval. Each formula is in the module of its name.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from loyalty.profiling import affinity, dictionary, habits, lifecycle, membership, rfm
from loyalty.profiling.records import Lines, Members
from loyalty.profiling.table import Feature, Profiles, code_type, day_number
from loyalty.profiling.visits import Baskets, gather, shopping_days

__all__ = ["Lines", "Members", "build"]

Columns = dict[str, np.ndarray]
Vocabularies = Mapping[str, tuple[str, ...]]


def build(members: Members, lines: Lines, *, as_of: date, vocabularies: Vocabularies) -> Profiles:
    """The profiles of n members at the start of `as_of`; the order of the lines does not change a byte of them.

    `vocabularies` holds the words behind the codes: `department`, `channel`, `tier`, `home_store` and `attr_<name>`.
    ValueError where a code has no word or a line's member is not among the members.
    """
    _check_codes(members, lines, vocabularies)
    lines = lines.before(day_number(as_of))
    baskets = gather(lines)
    columns = {
        **_purchase_columns(members, baskets, as_of, vocabularies),
        **_category_columns(lines, len(members), as_of, vocabularies),
        **_record_columns(members, as_of),
    }
    features = {name: _feature(name, column, vocabularies) for name, column in columns.items()}
    words = {name: _words(feature, vocabularies) for name, feature in features.items() if feature.kind == "category"}
    stored = {name: column.astype(_type(features[name], words)) for name, column in columns.items()}
    return Profiles(as_of, members.member_ids.astype(np.int64), stored, words, features)


def _purchase_columns(members: Members, baskets: Baskets, as_of: date, vocabularies: Vocabularies) -> Columns:
    count, today = len(members), day_number(as_of)
    days = shopping_days(baskets.visits(), count)
    history_start = int(baskets.day.min()) if len(baskets.day) else today
    spending = habits.spending(baskets, members=count, on_day=today)
    stages = lifecycle.stages(days, members.joined_day, on_day=today, history_start=history_start)
    channels = vocabularies.get("channel", ())
    recency = today - days.last()
    return {
        "recency_days": recency,
        "baskets_365": spending.visits,
        "spend_365": spending.spend,
        "baskets_total": spending.visits_ever,
        "interval_days": lifecycle.own_intervals(days),
        "average_basket": spending.average_basket,
        "lifecycle": stages.code,
        "stage_days": stages.days,
        **_rfm_columns(recency, spending),
        "channel_preference": habits.channel_preference(baskets, channels, members=count, on_day=today),
        "discount_share": spending.discount_share,
    }


def _rfm_columns(recency: np.ndarray, spending: habits.Spending) -> Columns:
    """Scores among the members who ever made a visit; the others have none."""
    bought = ~np.isnan(recency)
    by_recency = rfm.scores(recency, low_is_best=True)
    by_frequency = rfm.scores(np.where(bought, spending.visits, np.nan))
    by_spend = rfm.scores(np.where(bought, spending.spend, np.nan))
    return {
        "recency_score": by_recency,
        "frequency_score": by_frequency,
        "monetary_score": by_spend,
        "rfm_cell": rfm.cells(by_recency, by_frequency, by_spend),
    }


def _category_columns(lines: Lines, count: int, as_of: date, vocabularies: Vocabularies) -> Columns:
    departments = vocabularies.get("department", ())
    spend = affinity.weighted_spend(lines, members=count, departments=len(departments), on_day=day_number(as_of))
    affinities = affinity.affinities(spend)
    return {
        "top_category": affinity.top_departments(spend),
        **{f"affinity:{name}": affinities[:, code] for code, name in enumerate(departments)},
    }


def _record_columns(members: Members, as_of: date) -> Columns:
    return {
        "tenure_days": membership.tenure_days(members.joined_day, as_of),
        "age": membership.least_age(members.birth_year, as_of),
        "tier": members.tier,
        "home_store": members.home_store,
        **{f"attr_{name}": column for name, column in members.attributes.items()},
    }


def _feature(name: str, column: np.ndarray, vocabularies: Vocabularies) -> Feature:
    if name in dictionary.FIXED:
        return dictionary.FIXED[name]
    family, _, rest = name.partition(":")
    if family == "affinity":
        return dictionary.affinity(rest)
    if name in vocabularies:
        return dictionary.attribute(name.removeprefix("attr_"), "category")
    return dictionary.attribute(name.removeprefix("attr_"), "flag" if column.dtype == np.int8 else "number")


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


def _check_codes(members: Members, lines: Lines, vocabularies: Vocabularies) -> None:
    attributes = {f"attr_{name}": column for name, column in members.attributes.items()}
    coded = {
        "tier": members.tier,
        "home_store": members.home_store,
        "department": lines.department,
        "channel": lines.channel,
    }
    coded |= {name: column for name, column in attributes.items() if name in vocabularies}
    for name, codes in coded.items():
        if codes.max(initial=-1) >= len(vocabularies.get(name, ())):
            raise ValueError(
                f"A code of {name} is {codes.max()}, but there are {len(vocabularies.get(name, ()))} words."
            )
    if lines.member.max(initial=-1) >= len(members):
        raise ValueError(f"A line names member {lines.member.max()}, but there are {len(members)} members.")
