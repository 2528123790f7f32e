import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import checks
from django.http import HttpResponse
from django.test import Client

from config.checks import own_secret_key
from config.demo import logins

pytestmark = pytest.mark.django_db

PASSWORD = "a long way round"
WRONG = "a short way round"


@pytest.fixture(autouse=True)
def nobody_tried_before(settings: Any) -> None:
    """Tries are counted in the cache, which outlives a test."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def passwords_are_quick_to_check(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def staff(mara: User) -> User:
    mara.password = make_password(PASSWORD)
    mara.save()
    return mara


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def log_in(browser: Client, username: str, password: str, *, to: str = "", **more: Any) -> HttpResponse:
    """Fill in the form as the page shows it."""
    page = browser.get(f"/account/login/{to}").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    said = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
    if follow := re.search(r'name="next" value="([^"]+)"', page):
        said["next"] = follow[1]
    return browser.post("/account/login/", said, **more)


def is_in(browser: Client) -> bool:
    return get_user(browser).is_authenticated


# -- logging in and out ------------------------------------------------------------------------------------------------


def test_right_password_leads_to_today(browser: Client, staff: User) -> None:
    assert log_in(browser, "mara", PASSWORD).url == "/"
    assert is_in(browser)


def test_log_in_leads_back_to_where_one_was_going(browser: Client, staff: User) -> None:
    asked = browser.get("/offers/?q=coffee")
    assert asked.url == "/account/login/?next=/offers/%3Fq%3Dcoffee"
    assert log_in(browser, "mara", PASSWORD, to="?next=/offers/%3Fq%3Dcoffee").url == "/offers/?q=coffee"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_log_in_leads_nowhere_else(browser: Client, staff: User, to: str) -> None:
    assert log_in(browser, "mara", PASSWORD, to=f"?next={to}").url == "/"


def test_session_gets_a_new_name_at_log_in(browser: Client, staff: User) -> None:
    log_in(browser, "mara", PASSWORD)
    before = browser.cookies["sessionid"].value
    log_out(browser)
    log_in(browser, "mara", PASSWORD)
    assert browser.cookies["sessionid"].value != before


def log_out(browser: Client) -> HttpResponse:
    page = browser.get("/account/logout/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    return browser.post("/account/logout/", {"csrfmiddlewaretoken": token[1]})


def test_log_out_is_asked_for_before_it_is_done(browser: Client, staff: User) -> None:
    log_in(browser, "mara", PASSWORD)
    assert browser.get("/account/logout/").status_code == 200
    assert is_in(browser)
    assert log_out(browser).url == "/account/login/"
    assert not is_in(browser)


def test_nobody_logs_in_without_the_forms_token(browser: Client, staff: User) -> None:
    assert browser.post("/account/login/", {"login": "mara", "password": PASSWORD}).status_code == 403
    assert not is_in(browser)


def test_somebody_who_left_cannot_log_in(browser: Client, staff: User) -> None:
    User.objects.update(is_active=False)
    log_in(browser, "mara", PASSWORD)
    assert not is_in(browser)


def test_wrong_password_and_unknown_name_are_told_alike(browser: Client, staff: User) -> None:
    def told(username: str) -> str:
        page = log_in(browser, username, WRONG).content.decode()
        return re.sub(r'value="[^"]*"|"x-csrftoken": "\w+"', "", page)

    assert told("mara") == told("nobody")
    assert "That did not work." in told("mara")


def test_only_staff_that_an_administrator_made_exist(browser: Client) -> None:
    form = {"username": "intruder", "password1": PASSWORD, "email": "i@example.com"}
    for client in (browser, Client()):
        assert client.get("/account/signup/").status_code == 200
        client.post("/account/signup/", form)
    assert not User.objects.exists()


# -- guessing ----------------------------------------------------------------------------------------------------------


def guess(times: int, username: str, *, address: Callable[[int], str]) -> Client:
    browser = Client()
    for number in range(times):
        browser.post("/account/login/", {"login": username, "password": WRONG}, REMOTE_ADDR=address(number))
    return browser


def test_password_cannot_be_guessed_on_and_on_even_from_many_places(staff: User) -> None:
    browser = guess(6, "mara", address=lambda number: f"192.0.2.{number}")
    answer = browser.post("/account/login/", {"login": "mara", "password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert "Too many failed login attempts" in answer.content.decode()
    assert not is_in(browser)


def test_one_place_cannot_try_many_names(staff: User) -> None:
    browser = Client()
    for number in range(11):
        browser.post("/account/login/", {"login": f"name{number}", "password": WRONG}, REMOTE_ADDR="192.0.2.1")
    answer = browser.post("/account/login/", {"login": "mara", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")
    assert "Too many failed login attempts" in answer.content.decode()


def test_few_wrong_guesses_lock_nobody_out(staff: User) -> None:
    """The control of the two above: it is the number of tries that is refused."""
    browser = guess(3, "mara", address=lambda _: "192.0.2.1")
    browser.post("/account/login/", {"login": "mara", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")
    assert is_in(browser)


# -- the demo's log-ins ------------------------------------------------------------------------------------------------


@pytest.fixture
def demo_log_ins() -> None:
    logins.make()


@pytest.mark.parametrize("login", logins.LOGINS, ids=lambda login: login.username)
def test_published_log_ins_open_the_demo(
    browser: Client, demo_log_ins: None, settings: Any, login: logins.Login
) -> None:
    settings.DEMO = True
    assert log_in(browser, login.username, logins.PASSWORD).url == "/"
    assert is_in(browser)


@pytest.mark.parametrize("login", logins.LOGINS, ids=lambda login: login.username)
def test_published_log_ins_open_nothing_else(
    browser: Client, demo_log_ins: None, settings: Any, login: logins.Login
) -> None:
    settings.DEMO = False
    answer = log_in(browser, login.username, logins.PASSWORD)
    assert "Ask your administrator for one of your own" in answer.content.decode()
    assert not is_in(browser)


def test_published_log_in_that_was_given_another_password_is_refused_too(
    browser: Client, demo_log_ins: None, settings: Any
) -> None:
    settings.DEMO = False
    User.objects.update(password=make_password(PASSWORD))
    log_in(browser, "mara", PASSWORD)
    assert not is_in(browser)


# -- the published secret ----------------------------------------------------------------------------------------------


def test_published_secret_is_refused_outside_the_demo(settings: Any) -> None:
    settings.DEMO, settings.SECRET_KEY = False, settings.DEFAULT_SECRET_KEY
    found = [found for found in checks.run_checks() if found.id == "liftwell.E001"]
    assert found
    assert found[0].is_serious()
    assert "Set SECRET_KEY to a long random text" in found[0].msg


@pytest.mark.parametrize(("demo", "secret"), [(True, None), (False, "own " * 20)])
def test_demo_and_own_secrets_are_let_be(settings: Any, demo: bool, secret: str | None) -> None:
    settings.DEMO, settings.SECRET_KEY = demo, secret or settings.DEFAULT_SECRET_KEY
    assert own_secret_key() == []
