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


def test_the_rfm_scores_of_all_customers_equal_those_of_pandas(profiles: Profiles) -> None:
    table = pd.DataFrame({name: column for name, column in profiles.columns.items() if column.dtype.kind == "f"})
    buyers = table[table.recency_days.notna()]
    assert len(table) == 4_372
    pairs = [("baskets_365", "frequency_score"), ("spend_365", "monetary_score"), ("recency_days", "recency_score")]
    for name, score in pairs:
        cuts = buyers[name].astype(float).quantile([0.2, 0.4, 0.6, 0.8])
        exceeded = sum((buyers[name] > cut).astype(int) for cut in cuts)
        expected = 5 - exceeded if name == "recency_days" else 1 + exceeded
        assert (buyers[score] == expected).all(), name
