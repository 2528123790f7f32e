"""A gift shop's 541,909 lines: every one accounted for, and profiles as a slow obvious computation has them."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.db.models import Sum

from loyalty import profiles
from loyalty.models import Member, Purchase, Snapshot

pytestmark = [pytest.mark.data, pytest.mark.django_db]

LINES = 541_909
AS_OF = dt.date(2011, 12, 10)
PRODUCT = re.compile(r"\d{5}")


def amounts(shop: pa.Table) -> list[Decimal]:
    """Quantity × price, exactly: both are decimals that were written down as floats."""
    both = zip(shop["Quantity"].to_pylist(), shop["UnitPrice"].to_pylist(), strict=True)
    return [Decimal(str(quantity)) * Decimal(str(price)) for quantity, price in both]


def customers(shop: pa.Table) -> list[str | None]:
    return [None if each is None or np.isnan(each) else str(int(each)) for each in shop["CustomerID"].to_pylist()]


def products(shop: pa.Table) -> pa.Table:
    codes = sorted({code for code in shop["StockCode"].to_pylist() if PRODUCT.match(code)})
    return pa.table({"product_ref": codes, "name": codes, "category": ["Gifts"] * len(codes)})


def purchases(shop: pa.Table) -> pa.Table:
    return pa.table(
        {
            "line_ref": [str(number) for number in range(shop.num_rows)],
            "basket_ref": shop["InvoiceNo"],
            "purchased_at": shop["InvoiceDate"],
            "quantity": shop["Quantity"],
            "net_amount": pa.array(amounts(shop), type=pa.decimal128(18, 4)),
            "member_ref": customers(shop),
            "product_ref": [code if PRODUCT.match(code) else None for code in shop["StockCode"].to_pylist()],
            "channel": ["online"] * shop.num_rows,
        }
    )


@pytest.fixture
def shop(shared_data) -> pa.Table:
    return pq.read_table(shared_data("online_retail/onlineretail.parquet"))


@pytest.fixture
def loaded(shop, tmp_path, data, told, db):
    refs = sorted({ref for ref in customers(shop) if ref})
    tables = {"products": products(shop), "members": pa.table({"member_ref": refs}), "purchases": purchases(shop)}
    found = {}
    for kind, table in tables.items():
        path: Path = tmp_path / f"{kind}.parquet"
        pq.write_table(table, path)
        found[kind] = told("load", kind, path)
    return found


def test_every_line_is_accounted_for_and_the_sum_is_the_files(loaded, shop):
    result = loaded["purchases"]
    assert result["rows"] == LINES == result["loaded"] + result["rejected"]
    assert result["rejected"] == 0
    assert Purchase.objects.aggregate(total=Sum("net_amount"))["total"] == sum(amounts(shop))
    assert round(float(sum(amounts(shop))), 2) == 9_747_747.93


def test_profiles_of_two_hundred_customers_equal_a_slow_computation(loaded, shop):
    """Recency, visits, spend and interval, computed again for each customer from the lines of the file alone."""
    members = profiles.opened(profiles.build(AS_OF, at=dt.datetime(2011, 12, 10, 12, tzinfo=dt.UTC)), on=AS_OF)
    shop = shop.append_column("customer", pa.array(customers(shop)))
    shop = shop.append_column("amount", pa.array(amounts(shop), type=pa.decimal128(18, 4)))
    chosen = np.random.default_rng(7).choice(sorted({ref for ref in customers(shop) if ref}), 200, replace=False)
    ids = dict(Member.objects.filter(ref__in=chosen.tolist()).values_list("ref", "pk"))
    for ref in chosen.tolist():
        told, slow = members.row(members.position(ids[ref])), slowly(shop.filter(pc.equal(shop["customer"], ref)))
        assert {name: known(told[name]) for name in slow} == pytest.approx(slow, rel=1e-6, nan_ok=True), ref
    assert Snapshot.objects.get().members == 4_372


def known(value: float | None) -> float:
    return np.nan if value is None else value


def slowly(lines: pa.Table) -> dict[str, float]:
    """One customer's features, line by line: a visit is an invoice of a day that came to more than nothing."""
    invoices: dict[tuple[str, dt.date], Decimal] = {}
    for line in lines.to_pylist():
        key = (line["InvoiceNo"], line["InvoiceDate"].date())
        invoices[key] = invoices.get(key, Decimal(0)) + line["amount"]
    year_ago = AS_OF - dt.timedelta(days=365)
    visits = [day for (_, day), total in invoices.items() if total > 0]
    days = sorted(set(visits))
    return {
        "recency_days": (AS_OF - days[-1]).days if days else np.nan,
        "baskets_365": sum(day >= year_ago for day in visits),
        "baskets_total": len(visits),
        "spend_365": float(sum(total for (_, day), total in invoices.items() if day >= year_ago)),
        "interval_days": (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else np.nan,
    }
