"""A grocer's households in the formats that Liftwell loads: a sample of their purchases, and 27 targeted campaigns.

The retailer's clock is New York's. Households of a campaign are "treated", all others "others": nobody drew them, so
the design is "targeted".
"""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TIME_ZONE = "America/New_York"
TREATED, OTHERS = "treated", "others"

Files = dict[str, Path]


def write(find: Callable[[str], Path], folder: Path) -> Files:
    """Write every kind of file that the source can fill, in the order in which they are loaded."""
    read = {name: pq.read_table(find(f"complete_journey/{name}.parquet")) for name in NAMES}
    households = everybody(*read.values())
    tables = {
        "stores": stores(read["transactions_sample"]),
        "products": products(read["products"]),
        "members": members(households, read["demographics"]),
        "purchases": purchases(read["transactions_sample"]),
        "campaigns": campaigns(read["campaign_descriptions"]),
        "assignments": assignments(households, read["campaigns"]),
    }
    files = {kind: folder / f"{kind}.parquet" for kind in tables}
    for kind, table in tables.items():
        pq.write_table(table, files[kind])
    return files


NAMES = ("transactions_sample", "products", "demographics", "campaign_descriptions", "campaigns")


def everybody(*tables: pa.Table) -> list[str]:
    named = (table["household_id"].to_pylist() for table in tables if "household_id" in table.column_names)
    return sorted(set().union(*named))


def stores(lines: pa.Table) -> pa.Table:
    refs = sorted(set(lines["store_id"].to_pylist()))
    return pa.table({"store_ref": refs, "name": [f"Store {ref}" for ref in refs]})


def products(found: pa.Table) -> pa.Table:
    """Where the source leaves a department or category empty, the path says so."""
    department, category = (
        pc.coalesce(found[name], pa.scalar("Unknown", pa.large_string())) for name in ("department", "product_category")
    )
    named = pc.coalesce(found["product_type"], found["product_category"], found["product_id"])
    path = pc.binary_join_element_wise(department, category, pa.scalar(" > ", pa.large_string()))
    return pa.table(
        {"product_ref": found["product_id"], "name": named, "category": path, "brand": found["manufacturer_id"]}
    )


def members(households: list[str], demographics: pa.Table) -> pa.Table:
    known = {row["household_id"]: row for row in demographics.to_pylist()}
    told = ("income", "home_ownership", "household_size")
    return pa.table(
        {
            "member_ref": households,
            **{f"attr_{name}": [known.get(ref, {}).get(name) for ref in households] for name in told},
        }
    )


def purchases(lines: pa.Table) -> pa.Table:
    cents = {name: pc.cast(pc.round(lines[name], 2), pa.decimal128(18, 2)) for name in ("sales_value", "retail_disc")}
    return pa.table(
        {
            "line_ref": [str(number) for number in range(lines.num_rows)],
            "basket_ref": lines["basket_id"],
            "purchased_at": lines["transaction_local"],
            "quantity": lines["quantity"],
            "net_amount": cents["sales_value"],
            "discount_amount": cents["retail_disc"],
            "member_ref": lines["household_id"],
            "product_ref": lines["product_id"],
            "store_ref": lines["store_id"],
            "channel": ["store"] * lines.num_rows,
        }
    )


def campaigns(found: pa.Table) -> pa.Table:
    count = found.num_rows
    return pa.table(
        {
            "campaign_ref": [f"campaign-{each}" for each in found["campaign_id"].to_pylist()],
            "name": [f"Campaign {each}" for each in found["campaign_id"].to_pylist()],
            "starts_at": pc.cast(found["start_date"], pa.timestamp("s")),
            "ends_at": pc.cast(found["end_date"], pa.timestamp("s")),
            "design": ["targeted"] * count,
            "primary_metric": ["spend"] * count,
        }
    )


def assignments(households: list[str], targeted: pa.Table) -> pa.Table:
    """Every household in every campaign: written to, or not."""
    chosen = set(zip(targeted["campaign_id"].to_pylist(), targeted["household_id"].to_pylist(), strict=True))
    campaigns = sorted({campaign for campaign, _ in chosen})
    rows = [
        (f"campaign-{campaign}", household, TREATED if (campaign, household) in chosen else OTHERS)
        for campaign in campaigns
        for household in households
    ]
    refs, members, arms = zip(*rows, strict=True)
    return pa.table({"campaign_ref": refs, "member_ref": members, "arm": arms})
