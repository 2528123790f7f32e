"""Every page of the product, who reads it, and how a reader gets there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import APIRequestContext

from campaigns.steps import STEPS

ROUTES = "tests.journeys.routes"
LINK = re.compile(r'href="([^"#]+)')


@dataclass(frozen=True)
class Place:
    """A page as `who` sees it: of its own address, or the first link to its `route` on the page of another place."""

    who: str
    route: str = ""
    on: str = ""
    asking: str = ""
    step: str = ""


PLACES = {
    "account_login": Place(""),
    "account_logout": Place("mara"),
    "account_change_password": Place("mara"),
    "today": Place("mara"),
    "search": Place("mara", asking="?q=offer"),
    "members": Place("mara"),
    "member": Place("mara", on="members"),
    "members as operators see them": Place("otto", "members"),
    "member as operators see them": Place("otto", "member", on="members"),
    "same_person": Place("otto"),
    "merges": Place("otto"),
    "segments": Place("mara"),
    "segment_new": Place("mara"),
    "layers": Place("mara"),
    "three layers": Place("mara", "layers", asking="?rows=rfm_cell&columns=lifecycle&within=top_category"),
    "segment": Place("mara", on="segments"),
    "offers": Place("mara"),
    "offer_new": Place("mara"),
    "offer": Place("abel", on="offers"),
    "offers that are drafts": Place("mara", "offers", asking="?state=draft"),
    "offer being written": Place("mara", "offer", on="offers that are drafts"),
    "reviews": Place("abel"),
    "campaigns": Place("mara"),
    "campaign_new": Place("mara"),
    "campaigns that are drafts": Place("mara", "campaigns", asking="?state=draft"),
    "campaign being built": Place("mara", "campaign", on="campaigns that are drafts"),
    **{f"step {step.name}": Place("mara", "campaign_step", "campaign being built", step=step.name) for step in STEPS},
    "campaign_review": Place("mara", on="campaign being built"),
    "campaign_compare": Place("mara", on="campaign_review"),
    "campaign_power": Place("mara", on="campaign_review"),
    "run": Place("mara", on="report"),
    "decisions": Place("mara", on="run"),
    "decision": Place("mara", on="decisions"),
    "scorers": Place("ana"),
    "scorer": Place("ana", on="scorers"),
    "results": Place("ana"),
    "report": Place("ana", on="results"),
    "programme": Place("ana"),
    "loads": Place("otto"),
    "profiles": Place("otto", on="loads"),
    "quality": Place("otto"),
    "load": Place("otto", on="loads"),
    "outbox": Place("mara"),
    "e-mails": Place("mara", "outbox", asking="?q=@"),
    "outbox_message": Place("mara", on="e-mails"),
    "preferences": Place("", on="outbox_message"),
    "demo_pass": Place("mara"),
    "demo_truth": Place("ana", on="report"),
}
NO_PAGES = {
    "campaign_dry_run": "a part of the review",
    "load_rejects": "a file",
    "members_export": "a file",
    "offers_export": "a file",
    "outbox_letter": "a message, framed by its page",
    "preferences_told": "a file",
    "preferences_unsubscribe": "leads to the preferences",
    "programme_made": "a part of the programme",
    "report_csv": "a file",
    "results_export": "a file",
    "report_made": "a part of the report",
    "report_parquet": "a file",
    "segment_rule": "a file",
    "segment_words": "a part of the builder",
}


def our_routes() -> Iterator[URLPattern]:
    """Whatever a view of ours answers, but for the API."""
    return (route for route in _below(get_resolver(ROUTES)) if ".views." in route.callback.__module__)


def _below(patterns: URLResolver) -> Iterator[URLPattern]:
    ours = ("config", "analytics", "campaigns", "offers", "loyalty")
    for each in patterns.url_patterns:
        if isinstance(each, URLResolver):
            yield from _below(each)
        elif each.callback.__module__.startswith(ours):
            yield each


class Guide:
    """Finds a place in the house by following links."""

    def __init__(self, reader: APIRequestContext) -> None:
        self._reader = reader
        self.path = cache(self._find)

    def _find(self, name: str) -> str:
        place = PLACES[name]
        if not place.on:
            return reverse(place.route or name, urlconf=ROUTES) + place.asking
        page = self._reader.get(self.path(place.on))
        return next(link for link in LINK.findall(unescape(page.text())) if leads_to(link, name))


def leads_to(link: str, name: str) -> bool:
    place = PLACES[name]
    try:
        match = resolve(urlsplit(link).path, urlconf=ROUTES)
    except Resolver404:
        return False
    return match.url_name == (place.route or name) and match.kwargs.get("name", "") == place.step
