import csv
import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from offers.models import Offer, Terms
from offers.views import offers

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
LogIn = Callable[[User], Client]
NEW = {"ref": "TEA-1", "name": "Tea week", "kind": "amount"}


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/offers/export/{query}")
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def test_list_shows_what_an_offer_gives(draft: Terms, as_: LogIn, ana: User) -> None:
    page = as_(ana).get("/offers/").content.decode()
    assert "Coffee week" in page
    assert "20% off" in page


def test_part_is_the_rows_alone(draft: Terms, as_: LogIn, ana: User) -> None:
    part = as_(ana).get("/offers/", headers=PART).content.decode()
    assert part.strip().startswith('<section id="rows"')


def test_empty_list_says_what_to_do_next(as_: LogIn, mara: User) -> None:
    page = as_(mara).get("/offers/").content.decode()
    assert "No offers yet" in page
    assert "/offers/new/" in page


def test_filter_that_finds_nothing_says_so(draft: Terms, as_: LogIn, ana: User) -> None:
    assert "No offer is like that" in as_(ana).get("/offers/?q=nothing").content.decode()


def test_filter_that_makes_no_sense_is_ignored(draft: Terms, as_: LogIn, ana: User) -> None:
    page = as_(ana).get("/offers/?state=zzz&department=zzz&sort=zzz&page=zzz").content.decode()
    assert "Coffee week" in page


def test_pages_follow_one_another(
    make: Callable[..., Terms], as_: LogIn, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "PER_PAGE", 2)
    for ref in "ABC":
        make(ref, name=f"Offer {ref}")
    page = as_(ana).get("/offers/?page=2").content.decode()
    assert "Offer C" in page
    assert "Offer A" not in page


def test_list_does_not_ask_per_offer(
    make: Callable[..., Terms], as_: LogIn, ana: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = as_(ana)
    for number in range(20):
        make(f"C{number}")
    with django_assert_max_num_queries(12):
        client.get("/offers/")


def test_only_a_marketer_is_offered_the_button(draft: Terms, as_: LogIn, mara: User, abel: User) -> None:
    assert "/offers/new/" in as_(mara).get("/offers/").content.decode()
    assert "/offers/new/" not in as_(abel).get("/offers/").content.decode()


def test_marketer_makes_an_offer(as_: LogIn, mara: User) -> None:
    response = as_(mara).post("/offers/new/", NEW)
    assert (response.status_code, response.url) == (302, "/offers/TEA-1/")
    assert Terms.objects.get().author == mara


@pytest.mark.parametrize("person", ["abel", "ana", "otto", "noor"])
def test_others_do_not(as_: LogIn, person: str, request: pytest.FixtureRequest) -> None:
    assert as_(request.getfixturevalue(person)).post("/offers/new/", NEW).status_code == 403
    assert not Offer.objects.exists()


def test_taken_reference_is_said_beside_the_field(draft: Terms, as_: LogIn, mara: User) -> None:
    response = as_(mara).post("/offers/new/", NEW | {"ref": "C1"})
    assert response.status_code == 422
    assert "There is an offer C1 already" in response.content.decode()


@pytest.mark.parametrize("ref", ["", "new", "a/b", "x" * 61, "a\x00b"])
def test_unusable_reference_is_refused_and_the_rest_kept(as_: LogIn, mara: User, ref: str) -> None:
    response = as_(mara).post("/offers/new/", NEW | {"ref": ref})
    assert response.status_code == 422
    assert "Tea week" in response.content.decode()


def test_export_has_the_columns_of_the_offers_file(draft: Terms, as_: LogIn, ana: User) -> None:
    (row,) = exported(as_(ana))
    assert (row["offer_ref"], row["kind"], float(row["value"]), row["channels"], row["state"]) == (
        *("C1", "percent", 20.0, "email;app", "draft"),
    )


def test_export_tells_what_an_offer_contains(make: Callable[..., Terms], as_: LogIn, ana: User) -> None:
    make(contains=["pork", "alcohol"])
    assert exported(as_(ana))[0]["contains"] == "pork;alcohol"


def test_export_is_filtered_like_the_page(make: Callable[..., Terms], as_: LogIn, ana: User) -> None:
    make("A", name="Coffee")
    make("B", name="Tea")
    assert [row["offer_ref"] for row in exported(as_(ana), "?q=tea")] == ["B"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_export_holds_no_formula(make: Callable[..., Terms], as_: LogIn, ana: User, name: str) -> None:
    make(name=name)
    assert exported(as_(ana))[0]["name"] == f"'{name}"


def test_text_in_a_name_is_escaped(make: Callable[..., Terms], as_: LogIn, ana: User) -> None:
    make(name="<script>alert(1)</script>")
    assert "<script>alert" not in as_(ana).get("/offers/").content.decode()


def test_without_a_log_in_nothing_is_shown(draft: Terms) -> None:
    assert Client().get("/offers/").status_code == 302
