"""The demo's offers on their way: written by the marketer, then approved, returned or left waiting."""

import datetime as dt
from collections.abc import Iterable

from config.demo.story import texts
from config.demo.story.cast import Cast
from offers import approval, catalog
from offers.catalog import Facts
from offers.models import Terms

LEFT_AS_DRAFT = ("OFFER-31", "OFFER-38")
LEFT_WAITING = ("OFFER-21", "OFFER-28", "OFFER-34")
RETURNED = "OFFER-11"
COMMENT = "Say in both texts that this is for members of 18 and over, and send it again."
FOR_ADULTS = ("Beer & Wine",)
CONTAINS = {
    "Bakery": ["gluten"],
    "Beer & Wine": ["alcohol"],
    "Dairy & Eggs": ["milk", "eggs"],
    "Meat & Fish": ["meat", "pork", "fish"],
}

DRAFTS = Terms.objects.filter(state=Terms.State.DRAFT).select_related("offer").order_by("offer__ref")


def approve_most(cast: Cast, *, written_at: dt.datetime, approved_at: dt.datetime) -> None:
    """Take the offers that came from the file through submission and approval, all but those kept for later."""
    for terms in _submitted(DRAFTS.exclude(offer__ref__in=[*LEFT_AS_DRAFT, *LEFT_WAITING]), cast, at=written_at):
        if terms.offer.ref == RETURNED:
            approval.return_(terms, by=cast.approver, at=approved_at, comment=COMMENT)
        else:
            approval.approve(terms, by=cast.approver, at=approved_at)


def leave_some_waiting(cast: Cast, *, at: dt.datetime) -> None:
    """Submit a few more, which nobody has looked at yet."""
    _submitted(DRAFTS.filter(offer__ref__in=LEFT_WAITING), cast, at=at)


def _submitted(drafts: Iterable[Terms], cast: Cast, *, at: dt.datetime) -> list[Terms]:
    submitted = []
    for terms in drafts:
        facts: Facts = {
            "age_restricted": terms.department in FOR_ADULTS,
            "contains": CONTAINS.get(terms.department, []),
        }
        written = catalog.edit(terms, by=cast.marketer, texts=texts.of(terms), **facts)
        submitted.append(approval.submit(written, by=cast.marketer, at=at))
    return submitted
