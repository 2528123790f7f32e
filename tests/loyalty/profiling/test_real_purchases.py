"""A year of a gift retailer's purchases, moved so that they end the day before the profiles of the other tests."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from loyalty.profiling.features import Lines, Members, build
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling import naive
from tests.loyalty.profiling.worlds import AS_OF, TODAY, VOCABULARIES, World, members

PURCHASES = Path(__file__).resolve().parents[4] / "shared" / "data" / "online_retail" / "onlineretail.parquet"

# Written out again, so that the product's own grid is held against something: by recency score, by value 1 to 5.
CELLS = {
    1: ("Hibernating", "Hibernating", "At risk", "At risk", "Must not lose"),
    2: ("Hibernating", "Hibernating", "At risk", "At risk", "Must not lose"),
    3: ("About to sleep", "About to sleep", "Needs attention", "Loyal", "Loyal"),
    4: ("Promising", "Could be loyal", "Could be loyal", "Loyal", "Loyal"),
    5: ("Newcomer", "Could be loyal", "Could be loyal", "Champion", "Champion"),
}

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not PURCHASES.exists() and os.environ.get("CI") != "true",
        reason="needs the online retail purchases in ../shared/data",
    ),
]


@pytest.fixture(scope="module")
def customers() -> World:
    table = pq.read_table(PURCHASES)
    table = table.filter(pc.is_valid(table["CustomerID"]))
    ids, member = np.unique(table["CustomerID"].to_numpy().astype(np.int64), return_inverse=True)
    day = table["InvoiceDate"].to_numpy().astype("datetime64[D]").astype(np.int64)
    amount = table["Quantity"].to_numpy() * table["UnitPrice"].to_numpy()
    total = len(member)
    lines = Lines(
        member=member,
        day=day - day.max() + TODAY - 1,
        hour=np.full(total, 12),
        basket=np.unique(table["InvoiceNo"].to_numpy().astype(str), return_inverse=True)[1],
        department=np.full(total, -1),
        channel=np.full(total, 1),
        net_e4=np.rint(amount * 10_000).astype(np.int64),
        discount_e4=np.zeros(total, dtype=np.int64),
    )
    unknown = members(len(ids))
    record = (unknown.joined_day, unknown.birth_year, unknown.tier, unknown.home_store)
    return World(Members(ids, *record), lines)


@pytest.fixture(scope="module")
def profiles(customers: World) -> Profiles:
    return build(customers.members, customers.lines, as_of=AS_OF, vocabularies=VOCABULARIES)


def test_the_profiles_of_200_customers_equal_a_slow_obvious_computation(customers: World, profiles: Profiles) -> None:
    chosen = np.random.default_rng(2).choice(len(profiles), 200, replace=False).tolist()
    for position, expected in zip(chosen, naive.rows(customers, chosen), strict=True):
        row = profiles.row(position)
        assert row.keys() == expected.keys()
        assert [name for name in row if not naive.is_same(row[name], expected[name])] == []


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    """Scores and cells of every customer, straight from the file: whole cents of baskets, and pandas' own quantiles."""
    raw = pd.read_parquet(PURCHASES).dropna(subset=["CustomerID"])
    raw["day"] = raw.InvoiceDate.dt.normalize()
    raw["cents"] = (raw.Quantity * raw.UnitPrice * 10_000).round().astype("int64")
    baskets = raw.groupby(["CustomerID", "InvoiceNo", "day"], as_index=False).cents.sum()
    paid = baskets[baskets.cents > 0].groupby("CustomerID")
    recent = baskets[baskets.day > raw.day.max() - pd.Timedelta(days=365)]
    found = pd.DataFrame(index=np.sort(raw.CustomerID.unique()))
    found["recency"] = (raw.day.max() + pd.Timedelta(days=1) - paid.day.max()).dt.days
    found["frequency"] = recent[recent.cents > 0].groupby("CustomerID").size()
    found["monetary"] = recent.groupby("CustomerID").cents.sum() / 10_000
    return _scored(found.fillna({"frequency": 0, "monetary": 0}))


def _scored(found: pd.DataFrame) -> pd.DataFrame:
    bought = found.recency.notna()
    for name in ("recency", "frequency", "monetary"):
        values = found.loc[bought, name]
        exceeded = sum((values > cut).astype(int) for cut in values.quantile([0.2, 0.4, 0.6, 0.8]))
        found[f"{name}_score"] = 5 - exceeded if name == "recency" else 1 + exceeded
    value = np.ceil((found.frequency_score + found.monetary_score) / 2)
    found["cell"] = [
        CELLS[int(recency)][int(worth) - 1] if known else None
        for recency, worth, known in zip(found.recency_score.fillna(0), value.fillna(0), bought, strict=True)
    ]
    return found


@pytest.mark.parametrize("score", ["recency_score", "frequency_score", "monetary_score"])
def test_the_rfm_scores_of_all_4372_customers_are_those_of_the_raw_file(
    profiles: Profiles, reference: pd.DataFrame, score: str
) -> None:
    assert len(profiles) == len(reference) == 4_372
    assert np.array_equal(profiles.column(score), reference[score].to_numpy(), equal_nan=True)


def test_the_rfm_cells_of_all_4372_customers_are_those_of_the_raw_file(
    profiles: Profiles, reference: pd.DataFrame
) -> None:
    assert profiles.member_ids.tolist() == reference.index.astype(int).tolist()
    assert [profiles.value("rfm_cell", position) for position in range(len(profiles))] == [
        cell if isinstance(cell, str) else None for cell in reference.cell
    ]
    assert reference.cell.nunique() == 10
