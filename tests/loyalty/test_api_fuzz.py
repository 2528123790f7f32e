"""Whatever is sent, the answer is a problem in a sentence or accounts for every row."""

import json
import os
import random
from typing import Any

import pytest
from django.test import Client

from loyalty.events.meanings import KINDS
from loyalty.models import Event
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db

# A quick form by default; the full count by hand or by night.
BODIES = int(os.environ.get("FUZZ_BODIES", "250"))
SEED = 20261122

REFS = ["m-1", "m-2", "p-1", "e-1", "1234567890123456789", "00123", " ", "é", "e\u0301", "İ", "\u202e", "\u200b", "💩"]
TIMES = [
    *("2026-03-02T11:00:00Z", "2026-03-02T11:00:00+05:30", "2026-03-02T11:00:00", "2026-03-02", "2026-W10-1T11:00Z"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "2026-02-30T00:00:00Z", "20260302T11Z"),
    *("2026-03-02T24:00:00Z", "2026-03-02T11:00:60Z", "2026-03-02T11:00:00-99:99", "2026-03-02T11:00:00.1234567Z"),
    *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-03-02 11:00:00+00", "T", "2026-03-02T", "+1"),
]
ODD: list[Any] = [
    *(None, True, False, 0, -0.0, 1, -1, 2**63, 10**18 + 1, 10**400, 1e308, 5e-324, 1.5, float("inf"), float("nan")),
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "x" * 201,
        "x" * 10_001,
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE x; --",
        "%s",
        "{}",
    ),
    *(
        [],
        {},
        [[]],
        {"a": {"b": []}},
        "NaN",
        "1e999",
        "\\u0000",
        "\n",
        "\t",
        "<script>",
        "%(latest)s",
        "$1",
        "\x85",
        "\ufeff",
    ),
]
FIELDS = {
    "event_ref": [*(f"e-{number}" for number in range(BODIES)), *REFS],
    "member_ref": [*["m-1"] * 30, "m-2", *REFS],
    "at": [*TIMES[:1] * 30, *TIMES],
    "kind": [*KINDS, "own_kind", "View", "", "view ", "a" * 61],
    "product_ref": ["p-1", "p-1", "p-2", None],
    "offer_ref": ["o-1", None, *REFS],
    "channel": ["app", None, *REFS],
    "value": [1, 2.5, None, "3", *ODD],
    "text": ["oat milk", None, *REFS],
    "colour": ["red"],
}
NEEDED = ["event_ref", "member_ref", "at", "kind"]


def a_row(rng: random.Random) -> Any:
    if rng.random() < 0.04:
        return rng.choice(ODD)
    named = [name for name in NEEDED if rng.random() < 0.97]
    named += [name for name in FIELDS if name not in NEEDED and rng.random() < 0.3]
    if rng.random() < 0.9 and "colour" in named:
        named.remove("colour")
    return {name: rng.choice(ODD if rng.random() < 0.05 else FIELDS[name]) for name in named}


def a_body(rng: random.Random) -> bytes:
    """Mostly a batch; sometimes something else, or a batch with bytes that were lost, changed or added on the way."""
    rows = [a_row(rng) for _ in range(rng.choice([0, 1, 2, 5, 12]))]
    batch = rng.choice(ODD) if rng.random() < 0.05 else {"events": rng.choice(ODD) if rng.random() < 0.05 else rows}
    body = json.dumps(batch, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    if rng.random() < 0.15 and body:
        at = rng.randrange(len(body))
        body = body[:at] + rng.randbytes(rng.randrange(3)) + body[at + rng.randrange(2) :]
    return body


def trouble(response: Any) -> str:
    """What is wrong with an answer; empty if nothing is."""
    told = json.loads(response.content)
    if response.status_code >= 500:
        return f"status {response.status_code}"
    if response.status_code != 200:
        return "" if told["status"] == response.status_code and told["detail"].endswith((".", "]")) else "no problem"
    if told["accepted"] + told["known"] + told["refused"] != told["sent"]:
        return "rows are not accounted for"
    return "" if len(told["refusals"]) == told["refused"] else "refusals are not told one by one"


def noon() -> Any:
    return NOON


def test_any_body_is_accounted_for(settings: Any) -> None:
    settings.CLOCK = "tests.loyalty.test_api_fuzz.noon"
    rng = random.Random(SEED)
    making.member(ref="m-1")
    making.product(ref="p-1")
    key = making.machine_key("events:write", requests_per_minute=10**9)
    machine = Client(headers={"Authorization": f"Api-Key {key}"}, raise_request_exception=False)
    accepted, statuses = 0, {}
    for number in range(BODIES):
        body = a_body(rng)
        response = machine.generic("POST", "/api/v1/events", body, content_type="application/json")
        assert not trouble(response), f"{trouble(response)} in body {number} of seed {SEED}: {body[:2000]!r}"
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        accepted += json.loads(response.content).get("accepted", 0)
    assert accepted == Event.objects.count()
    assert min(accepted, statuses[200], statuses[400]) > BODIES / 20  # both ways were walked
