import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from loyalty import api, idempotency, machines
from loyalty.models import Event, MachineKey, StoredAnswer
from tests import making
from tests.making import NOON
from tests.reading import words

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/events"
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def noon_everywhere(settings: Any) -> None:
    settings.CLOCK = "tests.loyalty.test_api.noon"


def noon() -> Any:
    return NOON


def events(count: int = 1, **fields: Any) -> dict[str, Any]:
    told = {"member_ref": "m-1", "at": "2026-03-02T11:00:00Z", "kind": "app_open", **fields}
    return {"events": [{"event_ref": f"e-{number}", **told} for number in range(count)]}


def sender(*scopes: str, **facts: Any) -> Callable[..., HttpResponse]:
    """A machine with a key of these scopes: `send(batch, key="…")`."""
    shown = f"Api-Key {making.machine_key(*(scopes or ('events:write',)), **facts)}"

    def send(body: Any, *, key: str = "", kind: str = "application/json", address: str = ADDRESS) -> HttpResponse:
        told = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": shown} | ({"Idempotency-Key": key} if key else {})
        return Client(headers=headers, raise_request_exception=False).generic("POST", address, told, content_type=kind)

    return send


@pytest.fixture
def send() -> Callable[..., HttpResponse]:
    making.member(ref="m-1")
    return sender()


def counts(response: HttpResponse) -> tuple[int, ...]:
    told = response.json()
    return tuple(told[name] for name in ("sent", "accepted", "known", "refused"))


def problem(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == PROBLEM
    return response.status_code, response.json()["detail"]


# -- what is answered --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/"])
def test_batch_is_answered_with_what_became_of_each_row(send: Callable[..., HttpResponse], address: str) -> None:
    batch = events(3)
    batch["events"][1]["member_ref"] = "m-2"
    batch["events"].append(batch["events"][0])
    response = send(batch, address=address)
    assert counts(response) == (4, 2, 1, 1)
    assert response.json()["refusals"] == [
        {
            "position": 1,
            "event_ref": "e-1",
            "field": "member_ref",
            "code": "unknown",
            "detail": "member_ref is not known: load the members first.",
        }
    ]


def test_event_is_in_the_members_timeline_at_once(
    send: Callable[..., HttpResponse], as_: Callable[..., Client], noor: Any
) -> None:
    send(events(kind="search", text="oat milk"))
    assert "oat milk" in words(as_(noor).get(reverse("member", args=["m-1"])))


BODIES = {
    "empty": (b"", 400),
    "no JSON": (b"{", 400),
    "JSON in UTF-16": (json.dumps({"events": []}).encode("utf-16"), 400),
    "not a number": (b'{"events": [NaN]}', 400),
    "deeper than anybody means": (b"[" * 100_000, 400),
    "digits without end": (b'{"events": [' + b"9" * 5000 + b"]}", 400),
    "a list": (b"[]", 400),
    "a number": (b"7", 400),
    "events that are no list": (b'{"events": {}}', 400),
    "too many": (json.dumps({"events": [0] * 1001}).encode(), 413),
    "too large": (b'{"events": []}' + b" " * api.LARGEST_BODY, 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_that_is_no_batch_is_a_problem_in_a_sentence(send: Callable[..., HttpResponse], name: str) -> None:
    body, status = BODIES[name]
    told, sentence = problem(send(body))
    assert told == status
    assert sentence.startswith(("Send ", "The body is not JSON in UTF-8: send "))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_other_media_types_are_told_off(send: Callable[..., HttpResponse], kind: str) -> None:
    assert problem(send(events(), kind=kind))[0] == 415


@pytest.mark.parametrize("charset", ["zlib", "rot13", "utf-7", "nonsense"])
def test_charset_that_is_claimed_changes_nothing(send: Callable[..., HttpResponse], charset: str) -> None:
    assert counts(send(events(), kind=f"application/json; charset={charset}")) == (1, 1, 0, 0)


def test_locked_table_is_told_with_a_time_to_come_back(
    send: Callable[..., HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loyalty.events.PATIENCE", "10ms")
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE loyalty_event IN ACCESS EXCLUSIVE MODE")
            response = send(events())
    finally:
        beside.close()
    assert problem(response) == (503, api.Busy.default_detail)
    assert response["Retry-After"] == "30"


def test_description_tells_kinds_and_counts() -> None:
    described = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    assert f"{ADDRESS}/" not in described["paths"]
    told = described["paths"][ADDRESS]["post"]
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    event = schema["properties"]["events"]["items"]
    assert event["required"] == ["event_ref", "member_ref", "at", "kind"]
    said = "`cart_add`: Put into the cart; needs product_ref; `value` is in pieces"
    assert said in event["properties"]["kind"]["description"]
    assert "Idempotency-Key" in [each["name"] for each in told["parameters"]]


# -- keys --------------------------------------------------------------------------------------------------------------


def test_key_of_another_scope_is_told_which_it_lacks() -> None:
    assert problem(sender("inbox:read")(events())) == (
        403,
        "This key does not open this address: ask your administrator for one with the scope events:write.",
    )


def test_key_for_events_opens_no_inbox(send: Callable[..., HttpResponse]) -> None:
    key = making.machine_key("events:write")
    response = Client(headers={"Authorization": f"Api-Key {key}"}).get("/api/v1/members/m-1/inbox/")
    assert problem(response)[0] == 403


def test_key_may_have_several_scopes(send: Callable[..., HttpResponse]) -> None:
    assert counts(sender("inbox:read", "events:write")(events())) == (1, 1, 0, 0)


def test_whoever_asks_too_often_is_turned_away_with_a_time_to_come_back() -> None:
    send = sender(requests_per_minute=12)  # room for two in a row, and one more every five seconds
    statuses = [send(events(0)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    response = send(events(0))
    assert response["Retry-After"] == "5"
    assert problem(response)[1].startswith("This key has had its requests of this minute (12): wait")


def test_one_keys_requests_are_not_counted_against_another() -> None:
    assert [sender(requests_per_minute=6)(events(0)).status_code for _ in range(2)] == [200, 200]


@pytest.mark.django_db(transaction=True)
def test_limit_holds_whatever_the_number_of_workers() -> None:
    machine = MachineKey.objects.create_key(name="busy", scopes=[], requests_per_minute=240)[0]
    began = time.monotonic()
    let_in = sum(sum(each) for each in at_once(lambda: [machines.may_ask(machine) for _ in range(40)], threads=4))
    # Ten seconds' worth at once, and what comes in meanwhile.
    assert 40 <= let_in <= 40 + 4 * (time.monotonic() - began) + 1


# -- asking again ------------------------------------------------------------------------------------------------------


def test_same_key_and_request_are_answered_the_same(send: Callable[..., HttpResponse]) -> None:
    first, second = send(events(2), key="k-1"), send(events(2), key="k-1")
    assert first.json() == second.json()
    assert counts(second) == (2, 2, 0, 0)  # and not as known
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")


def test_same_key_with_another_request_is_refused(send: Callable[..., HttpResponse]) -> None:
    send(events(1), key="k-1")
    assert problem(send(events(2), key="k-1")) == (422, idempotency.REUSED)
    assert Event.objects.count() == 1


def test_keys_of_two_machines_do_not_meet(send: Callable[..., HttpResponse]) -> None:
    send(events(1), key="k-1")
    assert counts(sender()(events(2), key="k-1")) == (2, 1, 1, 0)


@pytest.mark.parametrize("key", ["k" * 201, "a\0b", "two\tparts"])
def test_key_that_is_none_is_refused(send: Callable[..., HttpResponse], key: str) -> None:
    assert problem(send(events(), key=key)) == (422, idempotency.NOT_A_KEY)


def test_answer_is_promised_for_a_day(send: Callable[..., HttpResponse]) -> None:
    send(events(1), key="k-1")
    StoredAnswer.objects.update(at=NOON - idempotency.KEPT_FOR)
    assert send(events(2), key="k-1").status_code == 422
    StoredAnswer.objects.update(at=NOON - idempotency.KEPT_FOR * 1.01)
    assert counts(send(events(2), key="k-1")) == (2, 1, 1, 0)


def test_old_answers_are_forgotten(send: Callable[..., HttpResponse]) -> None:
    send(events(1), key="k-1")
    assert idempotency.forget(at=NOON + idempotency.KEPT_FOR) == 0
    assert idempotency.forget(at=NOON + idempotency.KEPT_FOR * 1.01) == 1


def test_request_that_failed_is_not_remembered(
    send: Callable[..., HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loyalty.events.take_in", lambda *_, **__: 1 / 0)
    assert problem(send(events(), key="k-1"))[0] == 500
    monkeypatch.undo()
    assert counts(send(events(), key="k-1")) == (1, 1, 0, 0)


# -- at the same time --------------------------------------------------------------------------------------------------


def at_once(work: Callable[[], Any], *, threads: int) -> list[Any]:
    barrier = threading.Barrier(threads)

    def begin(_: int) -> Any:
        try:
            barrier.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


@pytest.mark.django_db(transaction=True)
def test_batch_that_is_delivered_twelve_times_leaves_the_rows_of_one(send: Callable[..., HttpResponse]) -> None:
    batch, backwards = events(200), {"events": events(200)["events"][::-1]}

    def three_times() -> list[HttpResponse]:
        return [send(batch), send(backwards), send(batch)]

    told = [counts(response) for responses in at_once(three_times, threads=4) for response in responses]
    assert Event.objects.count() == 200
    assert sum(accepted for _, accepted, _, _ in told) == 200
    assert {(sent, accepted + known, refused) for sent, accepted, known, refused in told} == {(200, 200, 0)}


@pytest.mark.django_db(transaction=True)
def test_request_under_one_key_is_worked_once_however_many_ask(send: Callable[..., HttpResponse]) -> None:
    answers = at_once(lambda: send(events(50), key="k-1"), threads=4)
    assert {counts(answer) for answer in answers} == {(50, 50, 0, 0)}
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
