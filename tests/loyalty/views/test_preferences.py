"""The member's own page, as a mail program, a link scanner, a browser without script and a stranger meet it."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from campaigns import delivery
from loyalty import consent, identity, preferences, profiles
from loyalty.models import Consent, Member
from loyalty.models.consent import Channel, Purpose
from loyalty.views.preferences import masked
from tests import making
from tests.making import DAY, NOON
from tests.reading import words

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
STOP = {"purpose": "marketing", "channel": "email", "granted": "no"}
PART = {"HX-Request": "true"}
SCANNERS = [
    "Mozilla/5.0 (compatible; MSIE 10.0) Safelinks",
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 GoogleImageProxy",
]


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links tell when they were made, so a member's link stays the same only while no time passes."""
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now)


@pytest.fixture
def member() -> Member:
    member = making.member(ref="m-secret", email="iris.newton@example.com", postcode="1234 AB")
    making.grant(member, "email", "app")
    return member


@pytest.fixture
def browser() -> Client:
    """One that insists, as the server does, on CSRF tokens wherever they are asked for."""
    return Client(enforce_csrf_checks=True)


def page(member: Member, verb: str = "") -> str:
    return preferences.path_for(member) + verb


def allows_email(member: Member) -> bool:
    return preferences.allows(member)["marketing", "email"]


# -- looking changes nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["", "unsubscribe/", "choose/"])
@pytest.mark.parametrize("agent", SCANNERS)
def test_following_every_link_changes_nothing(browser: Client, member: Member, verb: str, agent: str) -> None:
    before = Consent.objects.count()
    for method in (browser.get, browser.head, browser.options):
        method(page(member, verb), {**STOP, **ONE_CLICK}, headers={"User-Agent": agent, "Purpose": "prefetch"})
    assert Consent.objects.count() == before
    assert allows_email(member)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(browser: Client, member: Member, method: str) -> None:
    for verb in ("", "choose/", "unsubscribe/"):
        assert getattr(browser, method)(page(member, verb)).status_code == 405
    assert allows_email(member)


def test_person_who_follows_the_unsubscribe_link_comes_to_the_page(browser: Client, member: Member) -> None:
    response = browser.get(page(member, "unsubscribe/"))
    assert (response.status_code, response.url) == (302, page(member))


# -- one click -----------------------------------------------------------------------------------------------------


def test_one_click_stops_email_without_cookie_token_or_referrer(browser: Client, member: Member) -> None:
    response = browser.post(page(member, "unsubscribe/"), ONE_CLICK)
    assert (response.status_code, response.content) == (200, b"Offers by e-mail: off, from this moment.")
    assert not allows_email(member)


def test_one_click_leaves_the_other_choices(browser: Client, member: Member) -> None:
    browser.post(page(member, "unsubscribe/"), ONE_CLICK)
    assert preferences.allows(member) == {
        ("marketing", "email"): False,
        ("marketing", "app"): True,
        ("personalisation", ""): True,
    }


def test_one_click_again_says_the_same(browser: Client, member: Member) -> None:
    answers = {browser.post(page(member, "unsubscribe/"), ONE_CLICK).content for _ in range(3)}
    assert len(answers) == 1
    assert not allows_email(member)


def test_every_one_click_holds(browser: Client) -> None:
    """250: a fortieth of what the full count asks for."""
    members = [making.member() for _ in range(250)]
    for member in members:
        making.grant(member, "email")
        browser.post(page(member, "unsubscribe/"), ONE_CLICK)
    assert consent.contactable("email") == set()


# -- choosing on the page ------------------------------------------------------------------------------------------


def test_choice_without_script_holds_and_leads_back_to_the_page(browser: Client, member: Member) -> None:
    response = browser.post(page(member, "choose/"), STOP, headers={"Origin": "null"})  # as under no-referrer
    assert (response.status_code, response.url) == (302, page(member))
    assert not allows_email(member)
    assert "Offers by e-mail: off" in browser.get(page(member)).content.decode()


def test_choice_with_script_changes_the_part_alone(browser: Client, member: Member) -> None:
    part = browser.post(page(member, "choose/"), STOP, headers=PART).content.decode()
    assert part.strip().startswith('<div id="choices"')
    assert "Offers by e-mail: off, from this moment." in part


def test_choice_can_be_taken_back(browser: Client, member: Member) -> None:
    for granted in ("no", "yes"):
        browser.post(page(member, "choose/"), {**STOP, "granted": granted})
    assert allows_email(member)


def test_record_holds_the_words_that_the_page_showed(browser: Client, member: Member) -> None:
    browser.post(page(member, "choose/"), STOP)
    wording = consent.of(member)[Purpose.MARKETING, Channel.EMAIL].wording
    assert wording in browser.get(page(member)).content.decode()
    assert wording


@pytest.mark.parametrize("form", [{}, {"purpose": "x"}, {**STOP, "channel": "fax"}, {**STOP, "channel": "\0"}])
@pytest.mark.parametrize("headers", [None, PART])
def test_unknown_choice_is_refused_and_the_page_kept(
    browser: Client, member: Member, form: dict[str, str], headers: dict[str, str] | None
) -> None:
    response = browser.post(page(member, "choose/"), form, headers=headers)
    said = response.content.decode()
    assert response.status_code == 409
    assert "reload the page and choose again" in said
    assert said.count("Turn off") == 3
    assert ("<html" in said) is (headers is None)


def test_page_has_a_plain_form_for_every_choice(browser: Client, member: Member) -> None:
    said = browser.get(page(member)).content.decode()
    assert said.count(f'action="{page(member, "choose/")}"') == 3
    assert "csrfmiddlewaretoken" not in said


# -- at once -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "form"),
    [("unsubscribe/", ONE_CLICK), ("choose/", STOP), ("choose/", {"purpose": "personalisation", "granted": "no"})],
)
def test_run_that_was_launched_before_sends_nothing_after(
    browser: Client, member: Member, mara: User, abel: User, mailoutbox: list, verb: str, form: dict[str, str]
) -> None:
    run = making.run(making.campaign(), making.approved_terms(author=mara, approver=abel))
    staying = making.member()
    making.grant(staying, "email")
    for each in (member, staying):
        making.decision(run, each, offer=run.offers.get())
    browser.post(page(member, verb), form)
    delivery.deliver(run, first=min(member.pk, staying.pk), last=max(member.pk, staying.pk), at=NOON)
    assert [mail.to for mail in mailoutbox] == [[staying.contact.email]]
    assert run.deliveries.get(member=member).reason == delivery.NO_CONSENT


# -- what the page tells -------------------------------------------------------------------------------------------


@pytest.fixture
def known(member: Member, settings, tmp_path: Path, now: Callable[[dt.datetime], None]) -> Member:
    """The same member with purchases, and profiles built from them today."""
    now(NOON)
    settings.DATA = tmp_path
    for days, net in ((2, "77.31"), (9, "12.49"), (30, "33.10")):
        making.purchase(
            member, at=NOON - days * DAY, net=net, product=making.product(name="Dark roast"), basket_ref="basket-9"
        )
    profiles.build(dt.date(2026, 3, 2), at=NOON)
    return member


@pytest.mark.parametrize("asked", ["kept", "other"])
def test_members_taken_for_one_person_see_no_facts_and_read_why(browser: Client, known: Member, asked: str) -> None:
    """Whoever merged them may have been wrong, and neither may read of the other what the link alone opens."""
    other = making.member()
    identity.merge(known, other, by=None, at=NOON, why="test")
    profiles.build(dt.date(2026, 3, 2), at=NOON)
    said = words(browser.get(page(known if asked == "kept" else other)))
    assert "You last shopped" not in said
    assert "nothing yet" not in said.casefold()
    assert "it is not shown here in case we are wrong" in said
    assert "Offers by e-mail" in said


def test_page_says_what_is_known_with_source_and_purpose(browser: Client, known: Member) -> None:
    said = browser.get(page(known)).content.decode()
    assert "You last shopped 2 days ago." in said
    assert "Used for" in said


def test_page_tells_the_spend_by_department_with_source_and_purpose(browser: Client, known: Member) -> None:
    said = words(browser.get(page(known)))
    assert "Everything €122.90" in said
    assert "returns taken off, and in how many purchases. From purchase lines of the last 30 days;" in said


def test_page_shows_no_purchase_and_nothing_that_reaches_the_member(browser: Client, known: Member) -> None:
    said = browser.get(page(known)).content.decode()
    assert "i•••@example.com" in said
    for hidden in ("iris.newton", "m-secret", "Dark roast", "77.31", "12.49", "33.10", "basket-9", "1234 AB", "Iris"):
        assert hidden not in said


def test_page_of_one_holds_nothing_of_another(browser: Client, known: Member) -> None:
    other = making.member(email="zoe@elsewhere.example")
    said = browser.get(page(other)).content.decode()
    assert "z•••@elsewhere.example" in said
    assert "example.com" not in said
    assert "no purchases of yours" in said


@pytest.mark.parametrize(
    ("email", "shown"), [("a@b.c", "a•••@b.c"), ("", ""), ("@b.c", ""), ("odd", "o•••"), ("ö.x@b.c", "ö•••@b.c")]
)
def test_address_is_masked(email: str, shown: str) -> None:
    assert masked(email) == shown


def test_member_without_an_address_has_a_page(browser: Client) -> None:
    assert browser.get(page(making.member(email=None))).status_code == 200


# -- and what it keeps to itself -----------------------------------------------------------------------------------


def every_answer(browser: Client, member: Member) -> list[HttpResponse]:
    broken = page(member)[:-2] + "x/"
    return [
        browser.get(page(member)),
        browser.get(page(member, "unsubscribe/")),
        browser.post(page(member, "unsubscribe/")),
        browser.post(page(member, "choose/"), STOP),
        browser.post(page(member, "choose/"), STOP, headers=PART),
        browser.post(page(member, "choose/")),
        browser.get(broken),
        browser.post(f"{broken}choose/", STOP),
        browser.post(f"{broken}unsubscribe/", STOP),
    ]


def test_no_answer_tells_the_link_to_other_sites_to_searchers_or_to_caches(browser: Client, member: Member) -> None:
    for response in every_answer(browser, member):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]


def test_page_asks_no_other_site_for_anything(browser: Client, member: Member) -> None:
    said = browser.get(page(member)).content.decode()
    assert "//" not in said.replace("<!--", "").replace("http://www.w3.org/2000/svg", "")


def test_link_that_does_not_work_says_so_and_shows_no_choice(browser: Client, member: Member) -> None:
    for verb in ("", "unsubscribe/", "choose/"):
        response = browser.post(f"{page(member)[:-2]}x/{verb}", STOP) if verb else browser.get(page(member)[:-2] + "x/")
        said = response.content.decode()
        assert response.status_code == 404
        assert "This link does not work" in said
        assert "Turn off" not in said
    assert allows_email(member)


def test_log_in_adds_nothing(as_: Callable[[User], Client], mara: User, member: Member, browser: Client) -> None:
    def shown(client: Client) -> str:
        return client.get(page(member)).content.decode().partition("<main")[2]

    assert shown(as_(mara)) == shown(browser)
