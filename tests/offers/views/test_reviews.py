import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from loyalty import roles
from offers import approval, catalog
from offers.models import Terms
from tests.offers.conftest import AT

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
LATER = AT + dt.timedelta(hours=1)
LogIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def in_may(settings: object) -> None:
    settings.CLOCK = "tests.offers.views.test_reviews.now"


def now() -> dt.datetime:
    return AT + dt.timedelta(days=2)


@pytest.fixture
def two(make: Callable[..., Terms], mara: User) -> tuple[Terms, Terms]:
    """Two that wait, the longer one first."""
    longer = approval.submit(make("A", name="Longer"), by=mara, at=AT)
    return longer, approval.submit(make("B", name="Shorter"), by=mara, at=LATER)


def test_queue_begins_with_what_waits_longest(two: tuple[Terms, Terms], as_: LogIn, abel: User) -> None:
    page = as_(abel).get("/reviews/").content.decode()
    assert '<h2 id="case">Longer</h2>' in page
    assert "waiting 2\N{NO-BREAK SPACE}days" in page


def test_the_one_asked_for_is_shown(two: tuple[Terms, Terms], as_: LogIn, abel: User) -> None:
    part = as_(abel).get(f"/reviews/?terms={two[1].pk}", headers=PART).content.decode()
    assert part.strip().startswith('<div id="queue"')
    assert '<h2 id="case">Shorter</h2>' in part


def test_the_one_that_no_longer_waits_is_said_to_be_gone(two: tuple[Terms, Terms], as_: LogIn, abel: User) -> None:
    assert "no longer wait for approval" in as_(abel).get("/reviews/?terms=99999").content.decode()


def test_empty_queue_says_so(as_: LogIn, abel: User) -> None:
    assert "Nothing waits for approval" in as_(abel).get("/reviews/").content.decode()


def test_changes_since_the_last_approval_stand_side_by_side(
    approved: Terms, as_: LogIn, mara: User, abel: User
) -> None:
    draft = catalog.revise(approved.offer, by=mara, at=AT)
    approval.submit(catalog.edit(draft, by=mara, value=Decimal(30)), by=mara, at=AT)
    page = as_(abel).get("/reviews/").content.decode()
    assert "<del>20%</del> off" in page
    assert "<ins>30%</ins> off" in page


def test_first_terms_are_shown_whole(waiting: Terms, as_: LogIn, abel: User) -> None:
    assert "nothing of it was approved before" in as_(abel).get("/reviews/").content.decode()


def test_approver_approves(waiting: Terms, as_: LogIn, abel: User) -> None:
    assert as_(abel).post(f"/reviews/{waiting.pk}/approve/").url == "/reviews/"
    waiting.refresh_from_db()
    assert waiting.state == "approved"


def test_approving_in_place_shows_the_next(two: tuple[Terms, Terms], as_: LogIn, abel: User) -> None:
    part = as_(abel).post(f"/reviews/{two[0].pk}/approve/", headers=PART).content.decode()
    assert "Terms 1 of Longer are approved." in part
    assert '<h2 id="case" tabindex="-1" autofocus>Shorter</h2>' in part


def test_approver_returns_with_a_comment(waiting: Terms, as_: LogIn, abel: User) -> None:
    as_(abel).post(f"/reviews/{waiting.pk}/return/", {"comment": "Shorter, please."})
    assert waiting.reviews.get().comment == "Shorter, please."


@pytest.mark.parametrize("headers", [None, PART])
def test_return_without_a_comment_is_refused_in_place(
    waiting: Terms, as_: LogIn, abel: User, headers: dict[str, str] | None
) -> None:
    response = as_(abel).post(f"/reviews/{waiting.pk}/return/", headers=headers)
    assert response.status_code == 409
    assert "Say what to mend" in response.content.decode()


def test_second_decision_says_who_made_the_first(two: tuple[Terms, Terms], as_: LogIn, abel: User, noor: User) -> None:
    approval.approve(two[0], by=abel, at=AT)
    noor.groups.add(Group.objects.get(name=roles.APPROVER))
    response = as_(noor).post(f"/reviews/{two[0].pk}/return/", {"comment": "My own words"}, headers=PART)
    assert response.status_code == 409
    assert "Abel approved them" in response.content.decode()


def test_author_with_the_role_is_told_to_ask_someone_else(waiting: Terms, as_: LogIn, mara: User, abel: User) -> None:
    mara.groups.add(Group.objects.get(name=roles.APPROVER))
    client = as_(mara)
    assert "You wrote these terms" in client.get("/reviews/").content.decode()
    assert client.post(f"/reviews/{waiting.pk}/approve/").status_code == 403


@pytest.mark.parametrize("verb", ["approve", "return"])
@pytest.mark.parametrize("person", ["mara", "milo", "ana", "otto", "noor"])
def test_nobody_else_decides(
    waiting: Terms, as_: LogIn, verb: str, person: str, request: pytest.FixtureRequest
) -> None:
    client = as_(request.getfixturevalue(person))
    assert client.post(f"/reviews/{waiting.pk}/{verb}/", {"comment": "No."}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == "submitted"


def test_others_read_along_without_buttons(waiting: Terms, as_: LogIn, ana: User) -> None:
    page = as_(ana).get("/reviews/").content.decode()
    assert "An approver decides" in page
    assert f"/reviews/{waiting.pk}/approve/" not in page


@pytest.mark.parametrize("verb", ["approve", "return"])
def test_decisions_are_not_for_looking(waiting: Terms, as_: LogIn, abel: User, verb: str) -> None:
    assert as_(abel).get(f"/reviews/{waiting.pk}/{verb}/").status_code == 405
