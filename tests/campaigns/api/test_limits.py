import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from campaigns import building
from campaigns.building import OfferLimit
from campaigns.forms import LimitsForm
from campaigns.models import Campaign
from offers.models import Offer
from tests import making

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
Put = Callable[..., HttpResponse]


@pytest.fixture
def machine() -> Client:
    return Client(headers={"Authorization": f"Api-Key {making.machine_key('campaigns:write')}"})


@pytest.fixture
def spring(mara: User, abel: User) -> Campaign:
    """A draft that may give TEA, which is scarce, and COFFEE."""
    tea, coffee = (_called(making.approved_terms(author=mara, approver=abel).offer, ref) for ref in ("TEA", "COFFEE"))
    spring = building.create("Spring", by=mara, at=making.NOON, channels=["email", "app"], total_budget=Decimal(900))
    building.choose_offers(spring, [tea, coffee])
    building.limit_offers(spring, {tea.pk: OfferLimit(5, Decimal("12.50"), least=2)})
    return spring


def _called(offer: Offer, ref: str) -> Offer:
    Offer.objects.filter(pk=offer.pk).update(ref=ref)
    return offer


def address(ref: str = "spring") -> str:
    return f"/api/v1/campaigns/{ref}/limits/"


def read(machine: Client) -> dict[str, Any]:
    return machine.get(address()).json()


@pytest.fixture
def put(machine: Client, spring: Campaign) -> Put:
    """Sends what was read with other `facts`; without those that are `...`."""

    def put(*, tag: str = "", **facts: Any) -> HttpResponse:
        was = machine.get(address())
        sent = {name: fact for name, fact in (was.json() | facts).items() if fact is not ...}
        return machine.put(
            address(), json.dumps(sent), content_type="application/json", headers={"If-Match": tag or was["ETag"]}
        )

    return put


def problem(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == PROBLEM
    return response.status_code, response.json()["detail"]


# -- reading -----------------------------------------------------------------------------------------------------------


def test_all_that_a_campaign_may_use_is_read_at_once(machine: Client, spring: Campaign) -> None:
    assert read(machine) == {
        "total_budget": "900",
        "contact_limit": None,
        "contact_cost": "0",
        "offers_each": 1,
        "contacts_per_member": None,
        "contact_days": 7,
        "share_explored": "0.05",
        "capacities": {},
        "offers": [
            {"offer_ref": "COFFEE", "least": None, "limit": None, "budget": None},
            {"offer_ref": "TEA", "least": 2, "limit": 5, "budget": "12.5"},
        ],
    }


def test_everything_on_the_page_of_limits_can_be_read_by_a_machine(machine: Client, spring: Campaign) -> None:
    on_the_page = {name.rpartition("_")[0] or name for name in LimitsForm(None, instance=spring).fields}
    told = read(machine)
    over_all = {name.rpartition("_")[0] or name for name in told} | {"capacity"}
    assert on_the_page <= over_all | told["offers"][0].keys()


@pytest.mark.parametrize("ref", ["summer", "x%00"])
def test_unknown_campaign_is_not_found(machine: Client, ref: str) -> None:
    assert problem(machine.get(address(ref)))[0] == 404


def test_a_key_for_inboxes_does_not_open_it(spring: Campaign) -> None:
    other = Client(headers={"Authorization": f"Api-Key {making.machine_key('inbox:read')}"})
    assert problem(other.get(address()))[0] == 403


# -- changing ----------------------------------------------------------------------------------------------------------


def test_what_was_read_can_be_sent_back_and_changes_nothing(put: Put, machine: Client) -> None:
    before = read(machine)
    response = put()
    assert (response.status_code, response.json()) == (200, before)


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("total_budget", "1500.5", Decimal("1500.5")),
        ("total_budget", None, None),
        ("contact_limit", 400, 400),
        ("contact_cost", 0.02, Decimal("0.02")),
        ("offers_each", 3, 3),
        ("contacts_per_member", 2, 2),
        ("contact_days", 14, 14),
        ("share_explored", "0.1", Decimal("0.1")),
        ("capacities", {"email": 100, "app": None}, {"email": 100}),
    ],
)
def test_a_limit_over_all_offers_is_kept(put: Put, spring: Campaign, name: str, sent: Any, kept: Any) -> None:
    assert put(**{name: sent}).status_code == 200
    spring.refresh_from_db()
    assert getattr(spring, name) == kept


def test_limits_of_an_offer_are_kept(put: Put, spring: Campaign) -> None:
    free = {"least": None, "limit": None, "budget": None}
    put(offers=[{"offer_ref": "TEA", **free}, {"offer_ref": "COFFEE", "least": 1, "limit": 9, "budget": "3.10"}])
    kept = spring.offers.order_by("offer__ref").values_list("least", "limit", "budget")
    assert list(kept) == [(1, 9, Decimal("3.10")), (None, None, None)]


def test_the_tag_changes_with_the_limits(put: Put, machine: Client) -> None:
    before = machine.get(address())["ETag"]
    assert put(contact_limit=7)["ETag"] == machine.get(address())["ETag"] != before


# -- refusing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"contact_limit": -1}, "Send contact_limit as a whole number of 0 or more, or null for no limit."),
        ({"contact_limit": "many"}, "Send contact_limit as a whole number of 0 or more, or null for no limit."),
        ({"contact_limit": 2**63}, "Send contact_limit as a whole number of 0 or more, or null for no limit."),
        ({"contact_limit": ...}, "Send contact_limit as a whole number of 0 or more, or null for no limit."),
        ({"offers_each": 0}, "Send offers_each as a whole number from 1 to 20."),
        ({"offers_each": None}, "Send offers_each as a whole number from 1 to 20."),
        ({"contact_days": 367}, "Send contact_days as a whole number from 1 to 366."),
        ({"share_explored": 0.6}, "Send share_explored as a number from 0 to 0.5 with at most four decimals."),
        ({"contact_cost": "NaN"}, "Send contact_cost as a number of 0 or more with at most four decimals."),
        (
            {"total_budget": "0.00001"},
            "Send total_budget as a number of 0 or more with at most four decimals, or null for no limit.",
        ),
        ({"capacities": {"email": -1}}, "Send a capacity as a whole number of 0 or more, or null for no limit."),
        ({"capacities": [1]}, "Send capacities as an object of numbers by channel."),
        (
            {"capacities": {"post": 1}},
            "post is no channel of this campaign: send capacities of email and app only.",
        ),
        ({"offers": []}, "COFFEE is missing: send every offer of the campaign."),
        ({"offers": ...}, "Send offers as a list of what each offer may use."),
        ({"offers": {"TEA": 1}}, "Send offers as a list of what each offer may use."),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(put: Put, facts: dict[str, Any], said: str) -> None:
    assert problem(put(**facts)) == (400, said)


@pytest.mark.parametrize(
    ("refs", "said"),
    [
        (["TEA", "COFFEE", "CAKE"], "CAKE is no offer of this campaign: leave it out."),
        (["TEA", "TEA", "COFFEE"], "TEA is there twice: send every offer once."),
    ],
)
def test_offers_that_are_not_the_campaigns_are_refused(put: Put, refs: list[str], said: str) -> None:
    free = {"least": None, "limit": None, "budget": None}
    assert problem(put(offers=[{"offer_ref": ref, **free} for ref in refs])) == (400, said)


@pytest.mark.parametrize("body", ["[]", "3", '"all"', '{"offers": [3]}'])
def test_what_is_no_document_of_limits_is_refused(machine: Client, spring: Campaign, body: str) -> None:
    tag = machine.get(address())["ETag"]
    answer = machine.put(address(), body, content_type="application/json", headers={"If-Match": tag})
    assert problem(answer)[0] == 400


def test_limits_that_contradict_one_another_are_refused_and_nothing_is_kept(put: Put, machine: Client) -> None:
    before = read(machine)
    status, said = problem(put(contact_limit=1, total_budget="1"))
    assert status == 422
    assert said.startswith("The minimums of all offers come to 2 offers, above the limit of 1 in all. Lower")
    assert read(machine) == before


def test_limits_that_were_changed_since_they_were_read_are_not_overwritten(put: Put, spring: Campaign) -> None:
    assert problem(put(tag='"older"', contact_limit=1))[0] == 412
    spring.refresh_from_db()
    assert spring.contact_limit is None


def test_limits_that_were_never_read_are_not_overwritten(machine: Client, spring: Campaign) -> None:
    response = machine.put(address(), json.dumps(read(machine)), content_type="application/json")
    assert problem(response) == (428, "Read the limits first, and send the ETag that came with them as If-Match.")


def test_a_launched_campaign_is_fixed(put: Put, spring: Campaign) -> None:
    Campaign.objects.update(state=Campaign.State.RUNNING)
    assert problem(put(contact_limit=1)) == (409, "Spring is running: its plan was fixed at launch.")
