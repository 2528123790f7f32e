"""A frozen report as a table for other tools: a row per number, each with when it was known and by what code."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.body import Body, Estimate, Judged, Slice
from analytics.models import Report
from loyalty.files.rejects import without_formula

TEXTS = ("campaign", "of", "name", "arm", "versus", "method", "unit", "reason")
NUMBERS = ("value", "low", "high", "p", "q")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        *((name, pa.float64()) for name in NUMBERS),
        ("members", pa.int64()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("version", pa.int64()),
        ("code", pa.string()),
        ("digest", pa.string()),
    ]
)

Row = dict[str, Any]


def rows(report: Report) -> list[Row]:
    """All metrics, days and slices; what could not be told has no number but a reason. None of a hidden report."""
    body = report.told
    frozen = {"as_of": report.as_of, "version": report.version, "code": report.code, "digest": report.digest}
    return [{**dict.fromkeys(SCHEMA.names), "campaign": body.campaign, **row, **frozen} for row in _rows(body)]


def as_csv(report: Report) -> str:
    """Safe to open in a spreadsheet: no cell of text is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(SCHEMA.names)
    writer.writerows([_cell(row[name]) for name in SCHEMA.names] for row in rows(report))
    return text.getvalue()


def as_parquet(report: Report) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows(report), schema=SCHEMA), sink)
    return bytes(sink.getvalue())


def _rows(body: Body) -> Iterator[Row]:
    for each in (*body.judged, *body.personal_or_generic):
        yield from _metric(each, body)
    for day in body.days:
        known = {"of": "day", "name": day.day.isoformat(), "unit": "money"}
        yield {**known, "method": "fixed", **_numbers(day.fixed)}
        yield {**known, "method": "always valid", **_numbers(day.always)}
    for of, slices in (("segment", body.segments), ("tenth", body.deciles)):
        for one in slices:
            yield _slice(of, one, body)
    for part in body.parts:
        yield {"of": "part", "name": part.name, "method": "plain", "unit": "money", **_numbers(part.each)}


def _metric(judged: Judged, body: Body) -> Iterator[Row]:
    members = next((arm.members for arm in body.arms if arm.arm == judged.arm), None)
    known = {"of": "metric", "name": judged.metric, "arm": judged.arm, "versus": judged.versus, "members": members}
    for method, effect in (("headline", judged.headline), ("plain", judged.plain)):
        told = {"reason": effect.reason or None, "q": judged.q if method == "headline" else None}
        yield {**known, "method": method, "unit": judged.kind, **told, **_numbers(effect.each)}
        if effect.relative:
            yield {**known, "method": method, "unit": "share of the other mean", **_numbers(effect.relative)}
        if effect.per_cent:
            by_fieller = {"method": f"{method}, Fieller's range", "unit": "share of the other mean"}
            yield {**known, **by_fieller, **_numbers(effect.per_cent)}
        if effect.in_total:
            yield {**known, "method": method, "unit": f"{judged.kind} in total", **_numbers(effect.in_total)}
    if judged.always:
        yield {**known, "method": "always valid", "unit": judged.kind, **_numbers(judged.always)}


def _slice(of: str, one: Slice, body: Body) -> Row:
    method = "always valid" if body.is_open else "headline"
    known = {"of": of, "name": one.name, "method": method, "unit": "money", "members": one.members}
    return {**known, "reason": one.effect.reason or None, **_numbers(one.effect.each)}


def _numbers(estimate: Estimate | None) -> Row:
    if estimate is None:
        return {}
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high, "p": estimate.p}


def _cell(value: object) -> object:
    if isinstance(value, str):
        return without_formula(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
