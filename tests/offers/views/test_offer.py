from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from loyalty.models import Contact, Member, Product, Segment, SegmentVersion
from offers import approval, catalog
from offers.models import Offer, Terms
from tests.offers.conftest import AT

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
LogIn = Callable[[User], Client]
FORM = {
    "name": "Coffee month",
    "kind": "percent",
    "value": "25",
    "minimum_spend": "",
    "reward_cost": "0",
    "valid_from": "2030-05-01",
    "valid_until": "2030-05-31",
    "category": "Grocery > Coffee",
    "channels": ["email"],
    "email_subject": "{{ value }} off",
    "email_body": "Hello {{ first_name }}",
    "app_subject": "",
    "app_body": "",
}


def save(client: Client, verb: str = "save", headers: dict[str, str] | None = None, **changes: Any) -> Any:
    return client.post(f"/offers/C1/{verb}/", FORM | changes, headers=headers)


def test_author_gets_a_form(draft: Terms, as_: LogIn, mara: User) -> None:
    assert 'name="email_body"' in as_(mara).get("/offers/C1/").content.decode()


@pytest.mark.parametrize("person", ["milo", "abel", "ana", "otto", "noor"])
def test_others_read_the_facts(draft: Terms, as_: LogIn, person: str, request: pytest.FixtureRequest) -> None:
    page = as_(request.getfixturevalue(person)).get("/offers/C1/").content.decode()
    assert 'name="email_body"' not in page
    assert "20% off" in page


def test_form_holds_what_was_saved(draft: Terms, as_: LogIn, mara: User) -> None:
    page = as_(mara).get("/offers/C1/").content.decode()
    assert 'value="20"' in page
    assert 'value="2025-05-31"' in page


def test_saving_changes_the_draft(draft: Terms, as_: LogIn, mara: User) -> None:
    assert save(as_(mara)).url == "/offers/C1/"
    draft.refresh_from_db()
    assert (draft.name, draft.value, draft.channels) == ("Coffee month", 25, ["email"])


def test_saving_as_you_type_answers_with_the_reading_part(draft: Terms, as_: LogIn, mara: User) -> None:
    part = save(as_(mara), headers=PART).content.decode()
    assert part.strip().startswith('<div id="reading"')
    assert "25% off" in part
    assert "Saved at" in part


def test_unreadable_field_is_not_saved_and_what_was_typed_is_kept(draft: Terms, as_: LogIn, mara: User) -> None:
    response = save(as_(mara), value="lots", email_body="Half a senten")
    assert response.status_code == 422
    assert "Half a senten" in response.content.decode()
    draft.refresh_from_db()
    assert draft.value == 20


def test_unreadable_field_is_named_in_the_part(draft: Terms, as_: LogIn, mara: User) -> None:
    response = save(as_(mara), headers=PART, valid_until="2030-04-01")
    assert response.status_code == 422
    assert "The last day is before the first" in response.content.decode()


def test_what_is_typed_is_previewed_beside_an_unreadable_field(draft: Terms, as_: LogIn, mara: User) -> None:
    part = save(as_(mara), headers=PART, value="lots", email_body="Fresh words").content.decode()
    assert "Fresh words" in part


def test_checks_appear_as_you_type(draft: Terms, as_: LogIn, mara: User) -> None:
    part = save(as_(mara), headers=PART, email_body="{{ frist_name }}").content.decode()
    assert "there is no variable “frist_name”" in part


def test_text_of_a_marketer_is_escaped_in_the_preview(draft: Terms, as_: LogIn, mara: User) -> None:
    part = save(as_(mara), headers=PART, email_body="<img src=x onerror=alert(1)>").content.decode()
    assert "<img" not in part


def test_preview_is_for_the_member_asked_for(draft: Terms, as_: LogIn, mara: User) -> None:
    Contact.objects.create(member=Member.objects.create(ref="M1"), first_name="Zoë")
    assert "Hello Zoë" in as_(mara).get("/offers/C1/?member=M1", headers=PART).content.decode()


def test_preview_for_nobody_in_particular_uses_the_defaults(draft: Terms, as_: LogIn, mara: User) -> None:
    Contact.objects.create(member=Member.objects.create(ref="M1"), first_name="Zoë")
    assert "Hello there" in as_(mara).get("/offers/C1/?member=", headers=PART).content.decode()


def test_preview_for_an_unknown_member_says_so(draft: Terms, as_: LogIn, mara: User) -> None:
    page = as_(mara).get("/offers/C1/?member=nobody").content.decode()
    assert "There is no member nobody" in page


def test_product_is_found_by_its_reference(draft: Terms, as_: LogIn, mara: User) -> None:
    product = Product.objects.create(ref="P1", name="Arabica", category="x")
    save(as_(mara), product_ref="P1")
    draft.refresh_from_db()
    assert draft.product == product


def test_unknown_product_is_named(draft: Terms, as_: LogIn, mara: User) -> None:
    assert "There is no product P9" in save(as_(mara), product_ref="P9").content.decode()


def test_rule_of_a_segment_is_copied(draft: Terms, as_: LogIn, mara: User) -> None:
    rule = {"feature": "age", "is": "at_least", "value": 60}
    segment = Segment.objects.create(name="Seniors", created_at=AT)
    SegmentVersion.objects.create(segment=segment, number=1, rule=rule, matching=0, saved_at=AT)
    save(as_(mara), only_for=str(segment.pk))
    draft.refresh_from_db()
    assert draft.eligibility == rule


def test_rule_is_kept_when_nothing_else_is_chosen(make: Callable[..., Terms], as_: LogIn, mara: User) -> None:
    terms = make(eligibility={"all": []})
    save(as_(mara), only_for="as before")
    terms.refresh_from_db()
    assert terms.eligibility == {"all": []}


def test_submitting_saves_first(draft: Terms, as_: LogIn, mara: User) -> None:
    save(as_(mara), "submit")
    draft.refresh_from_db()
    assert (draft.state, draft.name) == ("submitted", "Coffee month")


def test_submitting_from_the_part_moves_to_the_page(draft: Terms, as_: LogIn, mara: User) -> None:
    assert save(as_(mara), "submit", headers=PART).headers["HX-Redirect"] == "/offers/C1/"


def test_incomplete_terms_are_refused_in_place_and_kept(draft: Terms, as_: LogIn, mara: User) -> None:
    response = save(as_(mara), "submit", headers=PART, channels=["email", "app"], email_body="Kept words")
    assert response.status_code == 409
    draft.refresh_from_db()
    assert (draft.state, draft.contents.get(channel="email").body) == ("draft", "Kept words")


@pytest.mark.parametrize("headers", [None, PART])
def test_refusal_names_what_is_missing(draft: Terms, as_: LogIn, mara: User, headers: dict[str, str] | None) -> None:
    response = save(as_(mara), "submit", headers=headers, channels=[])
    assert "were not submitted, because no channel is chosen" in response.content.decode()


def test_saving_after_submission_is_refused_in_place(waiting: Terms, as_: LogIn, mara: User) -> None:
    response = save(as_(mara), headers=PART)
    assert response.status_code == 409
    assert "were submitted, so they no longer change" in response.content.decode()


@pytest.mark.parametrize("verb", ["save", "submit", "revise", "discard"])
@pytest.mark.parametrize("person", ["milo", "abel", "ana", "otto", "noor"])
def test_the_wrong_person_changes_nothing(
    draft: Terms, as_: LogIn, verb: str, person: str, request: pytest.FixtureRequest
) -> None:
    response = save(as_(request.getfixturevalue(person)), verb)
    assert response.status_code == (409 if (verb, person) == ("revise", "milo") else 403)
    assert Terms.objects.values("name", "state").get() == {"name": "Coffee week", "state": "draft"}


@pytest.mark.parametrize("verb", ["save", "submit", "revise", "discard"])
def test_verbs_are_not_for_looking(draft: Terms, as_: LogIn, mara: User, verb: str) -> None:
    assert as_(mara).get(f"/offers/C1/{verb}/").status_code == 405


def test_marketer_makes_new_terms_from_approved_ones(approved: Terms, as_: LogIn, milo: User) -> None:
    assert as_(milo).post("/offers/C1/revise/").url == "/offers/C1/"
    assert approved.offer.terms.latest("number").author == milo


def test_returned_terms_show_the_comment(waiting: Terms, as_: LogIn, mara: User, abel: User) -> None:
    approval.return_(waiting, by=abel, at=AT, comment="Too generous for a weekday.")
    page = as_(mara).get("/offers/C1/").content.decode()
    assert "Returned: Too generous for a weekday." in page
    assert "/offers/C1/revise/" in page


def test_history_says_what_changed(approved: Terms, as_: LogIn, mara: User) -> None:
    catalog.edit(catalog.revise(approved.offer, by=mara, at=AT), by=mara, value=catalog.Decimal(25))
    page = as_(mara).get("/offers/C1/").content.decode()
    assert "<ins>25%</ins> off" in page
    assert "<del>20%</del> off" in page


def test_discarded_offer_is_gone(draft: Terms, as_: LogIn, mara: User) -> None:
    assert as_(mara).post("/offers/C1/discard/").url == "/offers/"
    assert not Offer.objects.exists()


def test_reference_with_a_slash_has_a_page(make: Callable[..., Terms], as_: LogIn, mara: User) -> None:
    make("2025/05 coffee")
    client = as_(mara)
    assert client.get("/offers/2025/05%20coffee/").status_code == 200
    assert "Coffee week" in client.get("/offers/").content.decode()


def test_unknown_offer_is_not_found(as_: LogIn, mara: User) -> None:
    assert as_(mara).get("/offers/nothing/").status_code == 404
