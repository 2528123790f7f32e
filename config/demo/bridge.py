"""Between the product's records and the simulated retailer: the offers as its world knows them, and what was sent."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Value
from django.utils import timezone
from numpy.typing import NDArray

from campaigns.models import Delivery, Run, RunOffer
from config.demo.retailer import world as retailer
from config.demo.retailer.offer_book import PULL, OfferBook, offer_book
from config.demo.retailer.responses import Contacts
from config.demo.retailer.world import CHANNELS, World, day_number
from config.demo.state import DAYS_OF_HISTORY, State
from loyalty.models.consent import Channel
from offers.models import Terms


class Message(NamedTuple):
    """One message as the product recorded it."""

    member_ref: str
    offer_ref: str
    offer_id: int
    at: dt.datetime
    channel: str


FIELDS = ("member__ref", "run_offer__offer__ref", "run_offer__offer_id", "at", "channel")


def messages_since(moment: dt.datetime) -> list[Message]:
    """What was really sent: refused deliveries and held-out members are not among them."""
    sent = Delivery.objects.filter(state=Delivery.State.SENT, at__gte=moment)
    return [Message(*row) for row in sent.values_list(*FIELDS)]


def messages_of(run: Run) -> list[Message]:
    """The same for one run; of another tool's campaign it is what was decided, by e-mail."""
    if run.campaign.imported:
        given = run.decisions.filter(run_offer__isnull=False).annotate(channel=Value(Channel.EMAIL))
        return [Message(*row) for row in given.values_list(*FIELDS)]
    return [Message(*row) for row in run.deliveries.filter(state=Delivery.State.SENT).values_list(*FIELDS)]


def contacts(world: World, messages: Sequence[Message]) -> Contacts:
    """The messages as the world's members get them; one to somebody who is not of this world is left out."""
    known = [(member, each) for each in messages if (member := _position(world, each.member_ref)) is not None]
    local = [timezone.localtime(each.at) for _, each in known]
    columns = (
        [member for member, _ in known],
        [place(each.offer_ref, each.offer_id) for _, each in known],
        [day_number(moment.date()) for moment in local],
        [CHANNELS.index(each.channel) for _, each in known],
        [moment.hour * 60 + moment.minute for moment in local],
    )
    return Contacts(*(np.array(column, dtype=np.int64) for column in columns))


def world(state: State, run_offers: Iterable[RunOffer] = ()) -> World:
    """The simulated retailer, with these offers in its book as they were really made."""
    everyday = _world(state.seed, state.members, state.first_day)
    terms = [each.approval.terms for each in run_offers if each.approval]
    return replace(everyday, offers=_entered(everyday.offers, terms, everyday.catalogue.departments))


@lru_cache(maxsize=1)
def _world(seed: int, members: int, first_day: dt.date) -> World:
    return retailer.create(seed, members, first_day, days=DAYS_OF_HISTORY)


def _entered(book: OfferBook, terms: Sequence[Terms], departments: Sequence[str]) -> OfferBook:
    """The book with these terms in the places of their offers."""
    places = np.array([place(each.offer.ref, each.offer_id) for each in terms], dtype=np.int64)
    size = max(len(book), int(places.max(initial=-1)) + 1)

    def column(known: Sequence[str] | NDArray[Any], values: Iterable[object], blank: object) -> NDArray[Any]:
        before = known if isinstance(known, np.ndarray) else np.array(known, dtype=object)
        wide = np.concatenate([before, np.full(size - len(before), blank, dtype=before.dtype)])
        wide[places] = list(values)
        return wide

    codes = {name: code for code, name in enumerate(departments)}
    return replace(
        book,
        refs=tuple(column(book.refs, (each.offer.ref for each in terms), "")),
        kinds=tuple(column(book.kinds, (each.kind for each in terms), Terms.Kind.INFORMATION)),
        department=column(book.department, (codes.get(_department(each), -1) for each in terms), -1),
        percent=column(book.percent, (round(_worth(each, Terms.Kind.PERCENT)) for each in terms), 0),
        amount=column(book.amount, (round(100 * _worth(each, *IN_MONEY)) for each in terms), 0),
        minimum_spend=column(book.minimum_spend, (round(100 * each.minimum_spend) for each in terms), 0),
        redeemable=column(book.redeemable, (each.kind != Terms.Kind.INFORMATION for each in terms), blank=False),
        pull=column(book.pull, (PULL[each.kind] for each in terms), 0.0),
    )


IN_MONEY = (Terms.Kind.AMOUNT, Terms.Kind.FREE_ITEM)


def _worth(terms: Terms, *kinds: Terms.Kind) -> float:
    return float(terms.value) if terms.kind in kinds else 0.0


def _department(terms: Terms) -> str:
    return terms.department or (terms.product.department if terms.product else "")


def place(offer_ref: str, offer_id: int) -> int:
    """Where the world keeps an offer: a place that never changes, so an offer finds the same members persuadable
    every time it is sent."""
    drawer = offer_book()
    return drawer.refs.index(offer_ref) if offer_ref in drawer.refs else len(drawer) + offer_id


def _position(world: World, member_ref: str) -> int | None:
    number = member_ref.removeprefix("M")
    if not number.isdecimal() or f"M{int(number):06d}" != member_ref:
        return None
    return int(number) - 1 if 0 < int(number) <= len(world) else None
