"""What members tell us on their own page, with script and without, and what a stranger gets from there."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from loyalty import identity, preferences, stated
from loyalty.models import Member, Statement
from tests import making
from tests.making import NOON
from tests.reading import PART, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NO_PORK = {"topic": "diet", "value": ["pork"]}
HOSTILE = '"<img src=x onerror=alert(1) x="'


@pytest.fixture
def member() -> Member:
    making.product(category="Tea > Green")
    return making.member()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def page(member: Member, verb: str = "") -> str:
    return preferences.path_for(member) + verb


def held(member: Member) -> list[str]:
    return [each.value for each in stated.standing([member.pk])]


def test_without_script_it_is_kept_and_the_page_says_so(browser: Client, member: Member) -> None:
    response = browser.post(page(member, "tell/"), NO_PORK, headers={"Origin": "null"})  # as under no-referrer
    assert response.status_code == 302
    said = words(browser.get(response.url))
    assert "What I do not eat or drink: Pork" in said
    assert "“I do not eat or drink pork.” Told on 2 Mar 2026, 12:00, preference page." in said
    assert held(member) == ["pork"]


def test_with_script_the_part_alone_comes_with_the_question_still_open(browser: Client, member: Member) -> None:
    response = browser.post(page(member, "tell/"), {"topic": "interest", "value": ["Tea"]}, headers=PART)
    part = response.content.decode()
    assert part.strip().startswith('<section id="told"')
    assert "What I like: Tea. It holds from this moment." in part
    assert 'id="question-interest" open' in part
    assert 'id="question-diet" open' not in part


def test_what_is_left_out_is_taken_back(browser: Client, member: Member) -> None:
    browser.post(page(member, "tell/"), NO_PORK)
    part = browser.post(page(member, "tell/"), {"topic": "diet"}, headers=PART).content.decode()
    assert "What I do not eat or drink: nothing. It holds from this moment." in part
    assert held(member) == []


@pytest.mark.parametrize(
    "form", [{}, {"topic": "faith"}, {"topic": "diet", "value": ["<b>x</b>"]}, {"topic": "\0", "value": ["\0"]}]
)
@pytest.mark.parametrize("headers", [None, PART])
def test_what_is_not_asked_is_refused_in_a_sentence(
    browser: Client, member: Member, form: dict, headers: dict | None
) -> None:
    response = browser.post(page(member, "tell/"), form, headers=headers)
    said = response.content.decode()
    assert response.status_code == 409
    assert "reload the page and choose again" in said
    assert "<b>x" not in said
    assert ("<html" in said) is (headers is None)
    assert Statement.objects.count() == 0


def test_a_department_with_a_hostile_name_is_shown_as_text(browser: Client, member: Member) -> None:
    making.product(category=HOSTILE)
    browser.post(page(member, "tell/"), {"topic": "interest", "value": [HOSTILE]})
    assert len(held(member)) == 1
    assert "<img src=x" not in browser.get(page(member)).content.decode()


def test_sizes_are_asked_where_the_retailer_has_some(browser: Client, member: Member, settings) -> None:
    assert "My sizes" not in words(browser.get(page(member)))
    settings.RETAILER_SIZES = {"Shoes": ["36", "37"], "Shirts": ["S", "M"]}
    browser.post(page(member, "tell/"), {"topic": "size", "value": ["", "Shoes: 37"]})
    said = browser.get(page(member)).content.decode()
    assert '<option value="Shoes: 37" selected>37</option>' in said
    assert "Shoes: 37" in words(browser.get(page(member)))


def test_looking_changes_nothing(browser: Client, member: Member) -> None:
    for verb in ("tell/", "forget/"):
        assert browser.get(page(member, verb), NO_PORK).status_code == 405
    browser.get(page(member, "told.json"))
    assert Statement.objects.count() == 0


def test_everything_told_comes_as_a_file_and_nobody_elses(browser: Client, member: Member) -> None:
    other = making.member()
    for each in (member, other):
        browser.post(page(each, "tell/"), NO_PORK)
    browser.post(page(member, "tell/"), {"topic": "diet"})
    response = browser.get(page(member, "told.json"))
    assert [(each["value"], each["told"]) for each in response.json()["told"]] == [("pork", True), ("pork", False)]
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("headers", [None, PART])
def test_everything_told_is_forgotten_when_asked(browser: Client, member: Member, headers: dict | None) -> None:
    browser.post(page(member, "tell/"), NO_PORK)
    response = browser.post(page(member, "forget/"), headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert Statement.objects.count() == 0
    assert browser.get(page(member, "told.json")).json() == {"told": []}


def test_of_members_taken_for_one_person_each_page_shows_its_own_alone(browser: Client, member: Member) -> None:
    """Whoever merged them may have been wrong, and what one does not eat is not for the other to read."""
    other = making.member()
    browser.post(page(other, "tell/"), NO_PORK)
    identity.merge(member, other, by=None, at=NOON, why="test")
    said = words(browser.get(page(member)))
    assert "do not eat or drink: nothing told yet" in said
    assert "What you told us with another membership counts too, and is shown there." in said
    assert "do not eat or drink: Pork" in words(browser.get(page(other)))


def test_a_link_that_was_ended_tells_and_shows_nothing(browser: Client, member: Member, otto: User) -> None:
    browser.post(page(member, "tell/"), NO_PORK)
    before = page(member)
    preferences.end_links(member, by=otto, at=NOON)
    assert browser.post(f"{before}tell/", {"topic": "diet"}).status_code == 404
    assert browser.post(f"{before}forget/").status_code == 404
    response = browser.get(f"{before}told.json")
    assert response.status_code == 404
    assert "pork" not in response.content.decode()
    assert held(member) == ["pork"]


@pytest.mark.parametrize(("verb", "method"), [("tell/", "post"), ("forget/", "post"), ("told.json", "get")])
def test_no_answer_tells_the_link_to_other_sites_to_searchers_or_to_caches(
    browser: Client, member: Member, verb: str, method: str
) -> None:
    response = getattr(browser, method)(page(member, verb), NO_PORK)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_log_in_adds_nothing(as_: Callable[[User], Client], noor: User, browser: Client, member: Member) -> None:
    assert as_(noor).post(page(member, "tell/"), NO_PORK).status_code == 302
    assert as_(noor).get(page(member)[:-2] + "x/told.json").status_code == 404
