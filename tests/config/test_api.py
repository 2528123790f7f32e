import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from campaigns.models import Delivery, Run
from config import problems
from loyalty import consent, identity, stated
from loyalty.models import MachineKey, Member
from loyalty.models.consent import Purpose
from offers.models import Terms
from tests import making

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


@pytest.fixture
def machine() -> Client:
    """The retailer's app, with a key in force."""
    return Client(headers={"Authorization": f"Api-Key {making.machine_key('inbox:read')}"})


@pytest.fixture
def today(settings: Any) -> None:
    settings.CLOCK = "tests.config.test_api.noon"


def noon() -> Any:
    return making.NOON


@pytest.fixture
def member() -> Member:
    member = making.member(ref="m/1")
    making.grant(member, "app")
    return member


@pytest.fixture
def give(member: Member, mara: User, abel: User) -> Callable[..., Delivery]:
    """Has the member been sent an offer by a run of its own: `give(name="Coffee", valid_until=…)`."""

    def give(*, to: Member = member, state: str = "sent", channel: str = "app", **facts: Any) -> Delivery:
        terms: Terms = making.approved_terms(author=mara, approver=abel, channels=("app", "email"), **facts)
        run: Run = making.run(making.campaign(channels=["app"]), terms)
        decided = making.decision(run, to, offer=run.offers.get())
        return Delivery.objects.create(
            run=run, member=to, run_offer=decided.run_offer, channel=channel, state=state, at=making.NOON
        )

    return give


def inbox(machine: Client, ref: str = "m/1") -> list[dict[str, Any]]:
    return machine.get(f"/api/v1/members/{ref}/inbox/").json()["results"]


def is_problem(response: HttpResponse, status: int) -> bool:
    document = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code"} <= set(document)
    assert "<" not in response.content.decode()
    return (response.status_code, response["Content-Type"], document["status"]) == (status, PROBLEM, status)


# -- the inbox ---------------------------------------------------------------------------------------------------------


def test_inbox_holds_what_the_member_was_sent_in_their_words(
    machine: Client, give: Callable[..., Delivery], today: None
) -> None:
    sent = give(name="Coffee day", valid_until=making.NOON.date())
    assert inbox(machine) == [
        {
            "id": sent.pk,
            "at": "2026-03-02T12:00:00Z",
            "offer_ref": sent.run_offer.offer.ref,
            "name": "Coffee day",
            "subject": "Hello Iris",
            "body": "Coffee day",
            "because": "",
            "valid_until": "2026-03-02",
        }
    ]


def test_inbox_holds_nothing_of_anybody_else(machine: Client, give: Callable[..., Delivery], today: None) -> None:
    other = making.member()
    making.grant(other, "app")
    give(to=other)
    assert inbox(machine) == []
    assert len(inbox(machine, other.ref)) == 1


@pytest.mark.parametrize("unlike", [{"state": "refused"}, {"channel": "email"}])
def test_what_was_refused_or_sent_otherwise_is_not_in_the_inbox(
    machine: Client, give: Callable[..., Delivery], today: None, unlike: dict[str, str]
) -> None:
    give(**unlike)
    assert inbox(machine) == []


def test_offer_that_is_over_leaves_the_inbox(
    machine: Client, give: Callable[..., Delivery], today: None, settings: Any
) -> None:
    give(valid_until=making.NOON.date())
    settings.CLOCK = "tests.config.test_api.tomorrow"
    assert inbox(machine) == []


def tomorrow() -> Any:
    return making.NOON + making.DAY


@pytest.mark.parametrize(("purpose", "channel"), [(Purpose.MARKETING, "app"), (Purpose.PERSONALISATION, "")])
def test_whoever_took_consent_back_has_an_empty_inbox(
    machine: Client, member: Member, give: Callable[..., Delivery], today: None, purpose: Purpose, channel: str
) -> None:
    give()
    consent.record(member, purpose=purpose, channel=channel, granted=False, at=making.NOON, source="test")
    assert inbox(machine) == []


def test_every_reference_of_a_person_answers_for_the_person(
    machine: Client, member: Member, give: Callable[..., Delivery], today: None
) -> None:
    other = making.member()
    making.grant(other, "app")
    sent = [give(), give(to=other)]
    identity.merge(member, other, by=None, at=making.NOON, why="test")
    both = sorted(each.pk for each in sent)
    assert [sorted(told["id"] for told in inbox(machine, ref)) for ref in (member.ref, other.ref)] == [both, both]


def test_inbox_says_what_the_member_told_us_they_like(
    machine: Client, give: Callable[..., Delivery], today: None, member: Member
) -> None:
    making.product()
    give()
    give(category="Tea")
    stated.tell(member, "interest", ["Coffee"], source="test", at=making.NOON)
    assert sorted(message["because"] for message in inbox(machine)) == ["", "You told us you like Coffee."]


@pytest.mark.parametrize(("diet", "left"), [([], 3), (["nuts"], 3), (["pork"], 2), (["meat", "alcohol"], 1)])
@pytest.mark.parametrize("told_by_another", [False, True])
def test_what_they_told_us_they_do_not_eat_leaves_the_inbox(
    machine: Client, give: Callable[..., Delivery], today: None, member: Member, diet, left, told_by_another
) -> None:
    flagged = making.product(flags=["alcohol", "private_label"])
    for facts in ({"contains": ["pork"]}, {"product": flagged, "age_restricted": True}, {}):
        give(**facts)
    telling = member
    if told_by_another:
        telling = making.member()
        identity.merge(member, telling, by=None, at=making.NOON, why="test")
    stated.tell(telling, "diet", diet, source="test", at=making.NOON)
    assert len(inbox(machine)) == left


def test_consent_that_one_reference_took_back_empties_the_inbox_of_all(
    machine: Client, member: Member, give: Callable[..., Delivery], today: None
) -> None:
    other = making.member()
    give()
    consent.record(
        other, purpose=Purpose.MARKETING, channel="app", granted=False, at=making.NOON - making.DAY, source="test"
    )
    identity.merge(member, other, by=None, at=making.NOON, why="test")
    assert [inbox(machine, ref) for ref in (member.ref, other.ref)] == [[], []]


def test_inbox_is_paged_newest_first_without_gap_or_repetition(
    machine: Client, member: Member, give: Callable[..., Delivery], today: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.api.inbox.NewestFirst.page_size", 2)
    sent = [give().pk for _ in range(5)]  # all at the same moment
    seen, page = [], "/api/v1/members/m/1/inbox/"
    while page:
        answer = machine.get(page).json()
        seen += [message["id"] for message in answer["results"]]
        page = answer["next"]
    assert seen == sent[::-1]


def test_inbox_does_not_ask_the_database_per_message(
    machine: Client, give: Callable[..., Delivery], today: None, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(10):
        give()
    with django_assert_max_num_queries(12):
        assert len(inbox(machine)) == 10


def test_inbox_cannot_be_written_to(machine: Client, member: Member) -> None:
    assert is_problem(machine.post("/api/v1/members/m/1/inbox/", {"id": 1}), 405)


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["", "Api-Key", "Api-Key x", "Api-Key x.y", "Bearer x", "Api-Key ö.ö"])
def test_without_a_key_in_force_nothing_is_told(member: Member, said: str) -> None:
    response = Client(headers={"Authorization": said} if said else None).get("/api/v1/members/m/1/inbox/")
    assert is_problem(response, 401)
    assert response["WWW-Authenticate"] == "Api-Key"


@pytest.mark.parametrize("change", [{"revoked": True}, {"expiry_date": making.NOON.replace(year=2001)}])
def test_key_that_was_taken_back_opens_nothing(machine: Client, member: Member, change: dict[str, Any]) -> None:
    MachineKey.objects.update(**change)
    assert is_problem(machine.get("/api/v1/members/m/1/inbox/"), 401)


def test_log_in_of_a_person_is_no_key(member: Member, as_: Callable[[User], Client], mara: User) -> None:
    assert is_problem(as_(mara).get("/api/v1/members/m/1/inbox/"), 401)


def test_every_route_of_the_apps_asks_for_a_key() -> None:
    assert resolve("/api/v1/members/x/inbox/").func.initkwargs["authentication_classes"]


# -- problems ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", ["nobody", "m%001", "%F0%9F%92%A9", "../../admin"])
def test_unknown_member_is_a_problem(machine: Client, ref: str) -> None:
    assert is_problem(machine.get(f"/api/v1/members/{ref}/inbox/"), 404)


@pytest.mark.parametrize("cursor", ["nonsense", "cD14", "bz14", "cD0lMDA=", "cD05OTk5LTk5LTk5"])
def test_cursor_that_was_made_up_is_a_problem(
    machine: Client, give: Callable[..., Delivery], today: None, cursor: str
) -> None:
    give()
    assert is_problem(machine.get(f"/api/v1/members/m/1/inbox/?cursor={cursor}"), 404)


@pytest.mark.parametrize("path", ["", "nothing/", "members/m/1/inbox", "members/m/1/", "schema"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_address_is_a_problem_and_not_a_page(machine: Client, path: str, method: str) -> None:
    assert is_problem(getattr(machine, method)(f"/api/v1/{path}"), 404)


@pytest.mark.parametrize("path", ["members/m/1/inbox/", "schema/"])
def test_machine_that_asks_for_a_page_gets_a_problem(machine: Client, member: Member, path: str) -> None:
    assert is_problem(machine.get(f"/api/v1/{path}", headers={"Accept": "text/html"}), 406)


def test_defect_is_a_problem_that_tells_nothing_of_the_inside(
    machine: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.api.inbox.clock.today", lambda: 1 / 0)
    machine.raise_request_exception = False
    response = machine.get("/api/v1/members/m/1/inbox/")
    assert is_problem(response, 500)
    assert "division" not in response.content.decode()


def test_every_field_that_was_not_understood_is_named() -> None:
    from rest_framework.exceptions import ValidationError

    error = ValidationError({"name": ["Say a name."], "days": [{}, {"until": ["Not a date."]}]})
    document = json.loads(problems.handler(error, {"view": None, "request": None}).content)
    assert (document["status"], document["detail"]) == (400, "Say a name.")
    assert [(each["field"], each["detail"]) for each in document["errors"]] == [
        ("name", "Say a name."),
        ("days.1.until", "Not a date."),
    ]


# -- the description ---------------------------------------------------------------------------------------------------


def described() -> dict[str, Any]:
    return Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()


def test_description_is_valid_and_complete_by_its_own_tool(tmp_path: Path) -> None:
    options = {"validate": True, "fail_on_warn": True, "generator_class": "config.api.Description"}
    call_command("spectacular", file=str(tmp_path / "schema.yml"), **options)
    assert "/api/v1/members/{ref}/inbox/" in (tmp_path / "schema.yml").read_text()


def test_description_says_that_a_key_is_asked_for() -> None:
    schema = described()
    inbox = schema["paths"]["/api/v1/members/{ref}/inbox/"]["get"]
    assert inbox["security"] == [{"machineKey": []}]
    assert schema["components"]["securitySchemes"]["machineKey"]["name"] == "Authorization"


def test_description_says_how_problems_are_told() -> None:
    for operations in described()["paths"].values():
        for operation in operations.values():
            assert PROBLEM in operation["responses"]["default"]["content"]


def test_what_is_sent_is_as_described(machine: Client, give: Callable[..., Delivery], today: None) -> None:
    give()
    fields = described()["components"]["schemas"]["InboxMessage"]["properties"]
    assert set(inbox(machine)[0]) == set(fields)


def test_problem_is_as_described(machine: Client) -> None:
    document = machine.get("/api/v1/nothing/").json()
    schema = described()["components"]["schemas"]["Problem"]
    assert set(schema["required"]) <= set(document) <= set(schema["properties"])
