"""The coffee chain's rewards app in the formats that Liftwell loads: six waves become six past campaigns.

Its clock starts at hour 0; here that is the first of January 2024. It holds no consents: those made here are made up,
and their source says so.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

START = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - a time without a zone is in the retailer's
WAVES = (0, 168, 336, 408, 504, 576)
ENDS = (*WAVES[1:], 720)
KINDS = {"bogo": "amount", "discount": "amount", "informational": "information"}

Files = dict[str, Path]


def write(find: Callable[[str], Path], folder: Path) -> Files:
    """Write every kind of file that the source can fill, in the order in which they are loaded."""
    portfolio = pq.read_table(find("starbucks/portfolio.parquet"))
    profile = pq.read_table(find("starbucks/profile.parquet"))
    transcript = pq.read_table(find("starbucks/transcript.parquet"))
    transcript = transcript.append_column("at", hours_later(transcript["time_h"]))
    tables = {
        "members": members(profile),
        "consents": consents(profile),
        "offers": offers(portfolio),
        "purchases": purchases(transcript),
        "events": events(transcript),
        "campaigns": campaigns(),
        "assignments": assignments(profile, transcript),
    }
    files = {kind: folder / f"{kind}.parquet" for kind in tables}
    for kind, table in tables.items():
        pq.write_table(table, files[kind])
    return files


def hours_later(hours: pa.ChunkedArray) -> pa.Array:
    seconds = np.asarray(hours) * 3600
    return pa.array(np.datetime64(START, "s") + seconds.astype("timedelta64[s]"))


def members(profile: pa.Table) -> pa.Table:
    """Age 118 stands for unknown, with gender and income missing too."""
    age = np.asarray(profile["age"])
    joined = pc.strptime(profile["became_member_on"].cast(pa.string()), format="%Y%m%d", unit="s")
    return pa.table(
        {
            "member_ref": profile["id"],
            "joined_on": joined.cast(pa.date32()),
            "birth_year": pa.array(2018 - age, mask=age == 118),
            "attr_gender": profile["gender"],
            "attr_income": profile["income"],
        }
    )


def consents(profile: pa.Table) -> pa.Table:
    count = profile.num_rows
    return pa.table(
        {
            "member_ref": profile["id"],
            "purpose": ["marketing"] * count,
            "channel": ["email"] * count,
            "granted": [True] * count,
            "at": pa.array([START - dt.timedelta(days=1)] * count),
            "wording": ["Made up for this test."] * count,
            "source": ["made up"] * count,
        }
    )


def offers(portfolio: pa.Table) -> pa.Table:
    kinds = portfolio["offer_type"].to_pylist()
    names = [f"{kind} {reward}/{least}" for kind, reward, least in zip(kinds, *both(portfolio), strict=True)]
    return pa.table(
        {
            "offer_ref": portfolio["id"],
            "name": names,
            "kind": [KINDS[kind] for kind in kinds],
            "value": portfolio["reward"],
            "minimum_spend": portfolio["difficulty"],
        }
    )


def both(portfolio: pa.Table) -> tuple[list[int], list[int]]:
    return portfolio["reward"].to_pylist(), portfolio["difficulty"].to_pylist()


def purchases(transcript: pa.Table) -> pa.Table:
    bought = transcript.append_column("ref", pa.array(refs(transcript, "t")))
    bought = bought.filter(pc.equal(bought["event"], "transaction"))
    return pa.table(
        {
            "line_ref": bought["ref"],
            "basket_ref": bought["ref"],
            "member_ref": bought["person"],
            "purchased_at": bought["at"],
            "quantity": [1] * bought.num_rows,
            "net_amount": bought["amount"],
        }
    )


def events(transcript: pa.Table) -> pa.Table:
    seen = transcript.append_column("ref", pa.array(refs(transcript, "e")))
    seen = seen.filter(pc.is_in(seen["event"], value_set=pa.array(["offer viewed", "offer completed"])))
    return pa.table(
        {
            "event_ref": seen["ref"],
            "member_ref": seen["person"],
            "at": seen["at"],
            "kind": pc.replace_substring(seen["event"], " ", "_"),
            "offer_ref": seen["offer_id"],
        }
    )


def refs(transcript: pa.Table, prefix: str) -> list[str]:
    return [f"{prefix}{number}" for number in range(transcript.num_rows)]


def campaigns() -> pa.Table:
    return pa.table(
        {
            "campaign_ref": [f"wave-{hour}" for hour in WAVES],
            "name": [f"Wave at hour {hour}" for hour in WAVES],
            "starts_at": [START + dt.timedelta(hours=hour) for hour in WAVES],
            "ends_at": [START + dt.timedelta(hours=hour) for hour in ENDS],
            "outcome_days": [(end - hour) // 24 for hour, end in zip(WAVES, ENDS, strict=True)],
            "primary_metric": ["spend"] * len(WAVES),
            "design": ["randomised"] * len(WAVES),
        }
    )


def assignments(profile: pa.Table, transcript: pa.Table) -> pa.Table:
    """Every member in every wave: treated with the offer they received, or held out."""
    received = transcript.filter(pc.equal(transcript["event"], "offer received"))
    got = {(hour, person): offer for hour, person, offer in zip(*columns(received), strict=True)}
    rows = [(hour, person, got.get((hour, person))) for hour in WAVES for person in profile["id"].to_pylist()]
    return pa.table(
        {
            "campaign_ref": [f"wave-{hour}" for hour, _, _ in rows],
            "member_ref": [person for _, person, _ in rows],
            "arm": ["treated" if offer else "held_out" for _, _, offer in rows],
            "offer_ref": [offer for _, _, offer in rows],
            "at": [START + dt.timedelta(hours=hour) for hour, _, _ in rows],
        }
    )


def columns(received: pa.Table) -> tuple[list[int], list[str], list[str]]:
    names = ("time_h", "person", "offer_id")
    return tuple(received[name].to_pylist() for name in names)  # type: ignore[return-value]
