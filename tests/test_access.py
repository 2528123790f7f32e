"""Who may open what: every route that the product has, against every person of the cast.

A route that is not in `POLICIES` fails. Whoever may use a route gets an answer; everybody else is told who may.
"""

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from celery import Celery
from django.conf import settings as configured
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path

from analytics.models import ProgrammeCost
from campaigns import delivery
from campaigns.models import Delivery, Run
from config.demo import state
from config.kinds import TARGETS
from loyalty import identity, loading, preferences, profiles, roles, segmentation
from loyalty.models import Load, Member, Pair
from offers import approval, catalog
from tests import making
from tests.analytics import bodies
from tests.making import NOON
from tests.routes import (
    ADMINISTRATORS,
    ANYONE,
    MACHINES,
    MARKETERS,
    NOBODY,
    NOT_FOUND,
    POLICIES,
    ROUTES,
    SAID,
    STAFF,
    TO_LOG_IN,
    WITHOUT_CSRF_TOKEN,
    Policy,
    Route,
    Who,
    policy_of,
    routes,
)

pytestmark = pytest.mark.django_db

# -- the routes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.name} {route.address}")
def test_route_has_a_policy(route: Route) -> None:
    assert policy_of(route), f"Say in POLICIES who may GET and POST {route.name} ({route.address})."


def test_route_without_a_policy_would_be_found() -> None:
    """The negative control."""
    (new,) = routes([path("exports/<int:pk>/", lambda request: HttpResponse(), name="export_everything")])
    assert policy_of(new) is None


@pytest.mark.parametrize("name", POLICIES)
def test_policy_is_of_a_route_that_there_is(name: str) -> None:
    assert any(fnmatch(route.name, name) for route in ROUTES)


def test_walk_sees_every_route_that_answers() -> None:
    known = {name for name in get_resolver("tests.routes").reverse_dict if isinstance(name, str)}
    assert known <= {route.name for route in ROUTES}
    assert len(ROUTES) > 100


# -- the world, with one of everything ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """What stands in the places of routes, by patterns of their names: the first that fits holds."""

    places: dict[str, dict[str, Any]]
    people: dict[str, User | None] = field(repr=False)

    def address(self, route: Route) -> str:
        fitting = (values for name, values in self.places.items() if fnmatch(route.name, name))
        return route.at(next(fitting))


@pytest.fixture
def world(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> World:
    settings.ROOT_URLCONF, settings.DATA, settings.CLOCK = "tests.routes", tmp_path, "tests.test_access.noon"
    settings.WHITENOISE_AUTOREFRESH = True  # no look at every static file for every browser
    settings.ACCOUNT_RATE_LIMITS = False  # one person tries more here than a person does
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND, settings.MAILBOX = "config.mailbox.MailboxBackend", tmp_path / "mailbox"
    monkeypatch.setattr(Celery, "send_task", lambda *_, **__: None)
    people = {name: request.getfixturevalue(name) for name in STAFF}
    for person in people.values():
        person.set_password("as everybody's")
        person.save()
    return World(_places(people["mara"], people["abel"], people["otto"]), {"anonymous": None, **people})


def noon() -> dt.datetime:
    return NOON


def _places(mara: User, abel: User, otto: User) -> dict[str, dict[str, Any]]:
    member = making.member(ref="m-1")
    making.grant(member, "email")
    making.purchase(member, at=NOON - making.DAY, product=making.product())
    profiles.build(NOON.date(), at=NOON)
    segment = segmentation.save(None, name="Everybody", rule={"all": []}, by=mara, at=NOON).segment
    run, sent = _finished_run(member, mara, abel)
    bodies.frozen(run)
    draft = making.campaign(ref="draft", created_by=mara, segment=segment)
    offer = catalog.create("draft", by=mara, at=NOON, name="Tea", kind="information", channels=[])
    waiting = catalog.create(
        "waiting",
        by=mara,
        at=NOON,
        name="Tea",
        kind="information",
        channels=["app"],
        texts={"app": catalog.Text("Tea", "Tea")},
    )
    approval.submit(waiting, by=mara, at=NOON)
    load = _load(otto)
    first, second, third = (making.member() for _ in range(3))
    pair = Pair.objects.create(first=first, second=second, confidence=0.5, found_at=NOON)
    merge = identity.merge(first, third, by=otto, at=NOON, why="test")
    cost = ProgrammeCost.objects.create(month=NOON.date().replace(day=1), label="Licence", amount=1, entered_at=NOON)
    state.write(state.State(seed=1, members=1, first_day=NOON.date(), lived_until=NOON.date()))
    found = {
        "member*": {"ref": member.ref},
        "campaign*": {"ref": draft.ref, "name": "brief"},
        "report*": {"ref": run.campaign.ref},
        "programme*": {"pk": cost.pk},
        "demo_truth": {"ref": run.campaign.ref},
        "run*": {"pk": run.pk},
        "scorer*": {"pk": making.scorer().pk},
        "decision*": {"pk": run.pk, "member_ref": member.ref},
        "offer*": {"ref": offer.offer.ref},
        "review*": {"terms_id": waiting.pk},
        "segment*": {"pk": segment.pk},
        "same_person_*": {"pk": pair.pk},
        "merge_undo": {"pk": merge.pk},
        "load*": {"pk": load.pk},
        "outbox*": {"pk": sent.pk},
        "preferences*": {"token": preferences.path_for(member).split("/")[2]},
        "api_inbox": {"ref": member.ref},
        "api_limits": {"ref": draft.ref},
        "account_*": {"key": "made-up", "uidb36": "1"},
    }
    return {**found, "*": {"object_id": mara.pk, "content_type_id": 1, "id": mara.pk, "app_label": "auth", "url": "x"}}


def _finished_run(member: Member, mara: User, abel: User) -> tuple[Run, Delivery]:
    terms = making.approved_terms(author=mara, approver=abel)
    run = making.run(making.campaign(imported=True), terms, state=Run.State.FINISHED)
    making.decision(run, member, offer=run.offers.get())
    delivery.deliver(run, first=member.pk, last=member.pk, at=NOON)
    return run, run.deliveries.get()


def _load(otto: User) -> Load:
    """A members file that was loaded, with one row that was rejected."""
    path = configured.DATA / "members.csv"
    path.write_text("member_ref,postcode\n,LS2 7EE\n")
    loading.load(TARGETS["members"], path, at=NOON, by=otto)
    return Load.objects.get()


# -- the walk ----------------------------------------------------------------------------------------------------------


class Visitor:
    """A person in a browser that forgets, in a world that takes back whatever they changed."""

    def __init__(self, world: World, name: str, **options: Any) -> None:
        self.world, self.client = world, Client(raise_request_exception=False, **options)
        if person := world.people[name]:
            self.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def answer(self, method: str, route: Route) -> HttpResponse:
        known = deepcopy(self.client.cookies)
        with transaction.atomic():
            response = self.client.generic(method, self.world.address(route), *_form(SAID.get(route.name)))
            if response.streaming:
                list(response.streaming_content)  # which closes the file
            transaction.set_rollback(True)
        self.client.cookies = known
        return response


def _form(said: dict[str, str] | None) -> tuple[str, ...]:
    return (urlencode(said), "application/x-www-form-urlencoded") if said else ()


def trouble(name: str, who: Who, response: HttpResponse) -> str:
    """What is wrong with an answer to this person; empty when it is what the policy says."""
    status, to = response.status_code, response.headers.get("Location", "")
    if who is MACHINES:
        return "" if status == 401 else "must be asked for a key"
    if who is NOT_FOUND:
        return "" if status == 404 else "must find nothing"
    if who is ADMINISTRATORS:
        return "" if status == 403 or to.startswith(("/admin/", "/account/login/")) else "must be kept out"
    if name in who.people:
        fine = status in (200, 409, 422) or (status == 302 and not to.startswith(TO_LOG_IN))
        return "" if fine else "must be let in"
    if name == "anonymous":
        return "" if to.startswith("/account/login/") or status == 405 else "must be sent to the log-in"
    if who is NOBODY:
        return "" if status == 405 else "must be told that this is not how"
    told = status == 403 and who.said in response.content.decode()
    return "" if told else f"must be told “{who.said}”"


def troubles(world: World, name: str) -> list[str]:
    """Every route that answers this person otherwise than its policy says."""
    found, visitor = [], Visitor(world, name)
    for route in ROUTES:
        policy = policy_of(route) or Policy(NOBODY)
        for method, who in (("GET", policy.get), ("POST", policy.post)):
            response = visitor.answer(method, route)
            if wrong := trouble(name, who, response):
                to = response.headers.get("Location", "")
                found.append(f"{method} {route.name}: {name} {wrong}, and got {response.status_code} {to}".strip())
    return found


@pytest.mark.parametrize("name", sorted(ANYONE.people))
def test_everybody_gets_where_the_policies_let_them_and_nowhere_else(world: World, name: str) -> None:
    assert "\n".join(troubles(world, name)) == ""


def test_role_that_let_everybody_through_would_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: Noor, who has no role, passes for a marketer."""
    monkeypatch.setitem(roles._PREDICATES, roles.MARKETER, lambda _: True)
    found = " ".join(troubles(world, "noor"))
    for route in ("campaign_new", "campaign_launch", "run_cancel", "offer_new"):
        assert f" {route}: noor must be told" in found


def test_page_that_forgot_the_log_in_would_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: one page is opened to anybody."""
    members = next(each for each in get_resolver("campaigns.urls").url_patterns if each.name == "members")
    monkeypatch.setattr(members, "callback", login_not_required(lambda request: HttpResponse("M-1")))
    opened = [f"{method} members: anonymous must be sent to the log-in, and got 200" for method in ("GET", "POST")]
    assert troubles(world, "anonymous") == opened


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_route_does_anything_else(world: World, method: str) -> None:
    mara = Visitor(world, "mara")
    done = [route.name for route in ROUTES if mara.answer(method, route).status_code < 300]
    ours = [name for name in done if not name.startswith("account_")]  # those take a PUT for a POST
    assert ours == ["livez", "readyz"]  # which say the same whatever is asked


def test_every_post_without_the_forms_token_is_refused(world: World) -> None:
    mara = Visitor(world, "mara", enforce_csrf_checks=True)
    accepted = {route.name for route in ROUTES if mara.answer("POST", route).status_code not in (403, 405)}
    assert accepted == WITHOUT_CSRF_TOKEN


@pytest.mark.parametrize("name", ["mara", "anonymous"])
def test_every_answer_tells_the_browser_to_keep_to_us(world: World, name: str) -> None:
    visitor = Visitor(world, name)
    for route in ROUTES:
        headers = visitor.answer("GET", route).headers
        assert "default-src" in headers["Content-Security-Policy"], route
        assert headers["X-Content-Type-Options"] == "nosniff", route
        assert headers["X-Frame-Options"] == "DENY" or route.name == "outbox_letter", route
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), route
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", route


@pytest.mark.parametrize(("name", "saved"), [("mara", True), ("abel", False), ("noor", False)])
def test_only_a_marketer_saves_a_segment(world: World, as_: Callable[[User], Client], name: str, saved: bool) -> None:
    response = as_(world.people[name]).post("/segments/new/", {"do": "save", "name": "Mine", "0:match": "all"})
    assert (response.status_code == 302) is saved
    assert saved or MARKETERS.said in response.content.decode()
