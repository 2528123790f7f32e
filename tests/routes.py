"""Every route that the product has, and who may GET and POST it: a route that is not in `POLICIES` fails the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RegexPattern

from config import urls

# The product's routes and the demo's, which the settings of a demo add.
urlpatterns = [*urls.urlpatterns, path("demo/", include("config.demo.urls"))]


@dataclass(frozen=True)
class Who:
    """The people who may, and what everybody else who is logged in is told."""

    people: frozenset[str]
    said: str = ""


STAFF = frozenset({"noor", "mara", "milo", "abel", "ana", "otto"})
ANYONE = Who(STAFF | {"anonymous"})
EVERYBODY = Who(STAFF)
MARKETERS = Who(frozenset({"mara", "milo"}), "Only the marketer builds segments, offers and campaigns.")
AUTHOR = Who(frozenset({"mara"}), "Only the ")
APPROVERS = Who(frozenset({"abel"}), "Only the approver approves or returns offers.")
OPERATORS = Who(frozenset({"otto"}), "Only the operator loads files.")
LINKERS = Who(frozenset({"otto"}), "Only the operator decides who is the same person.")
NOBODY = Who(frozenset())
ADMINISTRATORS = Who(frozenset(), "admin")
MACHINES = Who(frozenset(), "machine")
NOT_FOUND = Who(frozenset(), "nothing there")


@dataclass(frozen=True)
class Policy:
    get: Who
    post: Who = NOBODY


READ = Policy(EVERYBODY)
POLICIES = {
    "members_find": Policy(NOBODY, Who(frozenset({"otto"}), "Only the operator finds members by their address.")),
    "members_export": Policy(Who(frozenset({"otto"}), "Only the operator exports members.")),
    "member_end_links": Policy(NOBODY, Who(frozenset({"otto"}), "Only the operator ends links that were sent.")),
    "member_reveal": Policy(NOBODY, Who(frozenset({"otto"}), "Only the operator sees contact details.")),
    **dict.fromkeys(["today", "search", "results", "report", "report_made", "members", "member"], READ),
    **dict.fromkeys(["report_csv", "report_parquet", "results_export"], READ),
    **dict.fromkeys(["programme", "programme_made"], READ),
    "programme_make": Policy(NOBODY, Who(frozenset({"ana"}), "Only the analyst has reports made.")),
    **dict.fromkeys(
        ["programme_cost", "programme_cost_remove"],
        Policy(NOBODY, Who(frozenset({"ana"}), "Only the analyst enters what the programme costs.")),
    ),
    "programme_draw": Policy(NOBODY, Who(frozenset({"ana"}), "Only the analyst draws the holdouts.")),
    "report_make": Policy(NOBODY, Who(frozenset({"ana"}), "Only the analyst has reports made.")),
    **dict.fromkeys(
        ["campaigns", "campaign", "campaign_review", "campaign_dry_run", "campaign_compare", "campaign_power"], READ
    ),
    **dict.fromkeys(["campaign_new", "campaign_step"], Policy(MARKETERS, MARKETERS)),
    **dict.fromkeys(
        ["campaign_discard", "campaign_rehearse", "campaign_launch", "run_cancel"], Policy(NOBODY, MARKETERS)
    ),
    **dict.fromkeys(["run", "decisions", "decision", "scorers", "scorer"], READ),
    "scorers_train": Policy(NOBODY, Who(frozenset({"ana"}), "Only the analyst has scorers trained.")),
    "scorer_put_back": Policy(NOBODY, Who(frozenset({"abel"}), "Only the approver puts scorers back in use.")),
    **dict.fromkeys(["offers", "offers_export", "offer", "reviews"], READ),
    "offer_new": Policy(MARKETERS, MARKETERS),
    **dict.fromkeys(["offer_save", "offer_submit", "offer_discard"], Policy(NOBODY, AUTHOR)),
    "offer_revise": Policy(NOBODY, MARKETERS),
    **dict.fromkeys(["review_approve", "review_return"], Policy(NOBODY, APPROVERS)),
    **dict.fromkeys(["segments", "segment_rule", "segment_words"], READ),
    **dict.fromkeys(
        ["segment_new", "segment", "layers"], Policy(EVERYBODY, EVERYBODY)
    ),  # a POST counts; saving is tested apart
    **dict.fromkeys(["same_person", "merges"], READ),
    **dict.fromkeys(
        ["same_person_same", "same_person_different", "same_person_later", "merge_undo"], Policy(NOBODY, LINKERS)
    ),
    **dict.fromkeys(["loads", "load", "quality", "profiles"], READ),
    "profiles_build": Policy(NOBODY, Who(frozenset({"otto"}), "Only the operator builds profiles.")),
    **dict.fromkeys(["load_upload", "load_start", "load_discard", "load_again"], Policy(NOBODY, OPERATORS)),
    "load_rejects": Policy(OPERATORS),
    # Whoever holds a member's link may do what it is for: tests/loyalty/test_preferences.py forges links.
    "preferences": Policy(ANYONE),
    "preferences_choose": Policy(NOBODY, ANYONE),
    "preferences_unsubscribe": Policy(ANYONE, ANYONE),
    **dict.fromkeys(["preferences_tell", "preferences_forget"], Policy(NOBODY, ANYONE)),
    "preferences_told": Policy(ANYONE),
    **dict.fromkeys(["outbox", "outbox_message", "outbox_letter", "demo_pass", "demo_truth"], READ),
    "demo_pass_begin": Policy(NOBODY, EVERYBODY),
    **dict.fromkeys(["account_login", "account_signup", "account_reset_password"], Policy(ANYONE, ANYONE)),
    "account_reset_password_from_key": Policy(ANYONE, ANYONE),
    "account_confirm_email": Policy(ANYONE, NOT_FOUND),  # by a key that was made up
    **dict.fromkeys(["account_inactive", "account_email_verification_sent"], Policy(ANYONE)),
    **dict.fromkeys(["account_reset_password_done", "account_reset_password_from_key_done"], Policy(ANYONE)),
    **dict.fromkeys(["account_logout", "account_email", "account_reauthenticate"], Policy(EVERYBODY, EVERYBODY)),
    **dict.fromkeys(["account_change_password", "account_set_password"], Policy(EVERYBODY, EVERYBODY)),
    "account_confirm_login_code": Policy(EVERYBODY, EVERYBODY),
    "api_schema": Policy(ANYONE),
    **dict.fromkeys(["api_inbox", "api_limits", "api_events"], Policy(MACHINES, MACHINES)),
    "api_nowhere": Policy(NOT_FOUND, NOT_FOUND),
    "admin:*": Policy(ADMINISTRATORS, ADMINISTRATORS),
    **dict.fromkeys(["livez", "readyz"], Policy(ANYONE, ANYONE)),
}
# Where a POST needs no token of the form, since no cookie is trusted there.
WITHOUT_CSRF_TOKEN = {
    *("preferences_choose", "preferences_unsubscribe", "preferences_tell", "preferences_forget"),
    *("api_inbox", "api_limits", "api_events", "api_nowhere"),
}
# What a POST says where nothing said would be refused before anybody asks who says it.
SAID = {
    name: {"name": "Tea", "kind": "information", "value": "0", "minimum_spend": "0", "reward_cost": "0"}
    for name in ("offer_save", "offer_submit")
}
TO_LOG_IN = "/account/login/?next="


@dataclass(frozen=True)
class Route:
    """A route by name (or by address, where it has none) and its address with places such as `<ref>`."""

    name: str
    address: str

    def at(self, values: dict[str, Any]) -> str:
        return re.sub(r"<(\w+)>", lambda place: str(values[place[1]]), self.address)


def routes(patterns: list[URLPattern | URLResolver], before: str = "/", space: str = "") -> Iterator[Route]:
    for each in patterns:
        address = before + _with_places(each)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, address, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield Route(space + (each.name or address.strip("/")), address)


def _with_places(each: URLPattern | URLResolver) -> str:
    written = str(each.pattern)
    if isinstance(each.pattern, RegexPattern):
        return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", written.removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", written)


def policy_of(route: Route) -> Policy | None:
    return next((policy for name, policy in POLICIES.items() if fnmatch(route.name, name)), None)


ROUTES = sorted(set(routes(urlpatterns)), key=lambda route: (route.name, route.address))
