"""The offers we have: making one, writing its terms, and making new terms from those that stand."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, prefetch_related_objects

from loyalty.models import Product
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles, day_number
from loyalty.refusal import Refused
from offers import in_words
from offers.models import Content, Offer, Terms
from offers.rules.terms import ALWAYS, FOREVER, TermsTable

State = Terms.State


class Facts(TypedDict, total=False):
    """What terms say, without the texts: the columns of `Terms` that a marketer writes."""

    name: str
    kind: str
    value: Decimal
    minimum_spend: Decimal
    valid_from: dt.date | None
    valid_until: dt.date | None
    category: str
    product: Product | None
    reward_cost: Decimal
    channels: list[str]
    limit_per_member: int | None
    limit_total: int | None
    budget: Decimal | None
    eligibility: Any
    age_restricted: bool
    contains: list[str]


class Text(NamedTuple):
    """What one channel says."""

    subject: str
    body: str


Texts = Mapping[str, Text]


def create(ref: str, *, by: User | None, at: dt.datetime, texts: Texts | None = None, **facts: Unpack[Facts]) -> Terms:
    """Make an offer with its first terms, a draft by `by`; Refused where the reference is taken."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                offer = Offer.objects.create(ref=ref, created_by=by, created_at=at)
        except IntegrityError as taken:
            raise Refused(
                f"There is an offer {ref} already: choose another reference, or open that offer and change it."
            ) from taken
        terms = Terms.objects.create(offer=offer, number=1, author=by, created_at=at, **facts)
        _write(terms, texts or {})
    return terms


def edit(terms: Terms, *, by: User, texts: Texts | None = None, **facts: Unpack[Facts]) -> Terms:
    """Change a draft; Refused once it is submitted, PermissionDenied to anyone but its author.

    A draft of nobody's, from a file, becomes the draft of whoever changes it. A channel whose text becomes empty loses
    it; a channel that `texts` leaves out keeps it.
    """
    with transaction.atomic():
        terms = _locked_draft(terms, by)
        terms.author = by
        for name, fact in facts.items():
            setattr(terms, name, fact)
        terms.save()
        _write(terms, texts or {})
    return terms


def revise(offer: Offer, *, by: User, at: dt.datetime) -> Terms:
    """Copy the newest terms and texts into a new draft by `by`; Refused while terms are open."""
    with transaction.atomic():
        offer = Offer.objects.select_for_update().get(pk=offer.pk)
        newest = offer.terms.latest("number")
        if newest.state in (State.DRAFT, State.SUBMITTED):
            raise Refused(_still_open(newest))
        facts = {name: getattr(newest, name) for name in Facts.__annotations__}
        draft = Terms.objects.create(offer=offer, number=newest.number + 1, author=by, created_at=at, **facts)
        _write(draft, {text.channel: Text(text.subject, text.body) for text in newest.contents.all()})
    return draft


def discard(terms: Terms, *, by: User) -> None:
    """Throw a draft away, and its offer too when it never had other terms."""
    try:
        with transaction.atomic():
            terms = _locked_draft(terms, by)
            if terms.number > 1:
                terms.delete()
            else:
                terms.offer.delete()
    except ProtectedError as used:
        raise Refused(
            f"{terms.offer.ref} is in a campaign: take it out of the campaign first, then discard it."
        ) from used


def terms_table(terms: Iterable[Terms], profiles: Profiles) -> TermsTable:
    """The terms as the columns that rules and scores read, in the order given.

    An offer's own rule is read against the features of `profiles`; Refused where it names one that they do not have.
    """
    rows = list(terms)
    prefetch_related_objects(rows, "offer", "product")
    return TermsTable(
        terms_ids=np.array([row.pk for row in rows], dtype=np.int64),
        offer_refs=[row.offer.ref for row in rows],
        names=[row.name for row in rows],
        kinds=[row.kind for row in rows],
        departments=[department_of(row) for row in rows],
        value=_amounts([row.value for row in rows]),
        minimum_spend=_amounts([row.minimum_spend for row in rows]),
        reward_cost=_amounts([row.reward_cost for row in rows]),
        valid_from=_days([row.valid_from for row in rows], unknown=ALWAYS),
        valid_until=_days([row.valid_until for row in rows], unknown=FOREVER),
        limit_per_member=np.array([row.limit_per_member or 0 for row in rows], dtype=np.int32),
        limit_total=np.array([-1 if row.limit_total is None else row.limit_total for row in rows], dtype=np.int64),
        budget=_amounts([row.budget for row in rows]),
        rules=[_rule(row, profiles) for row in rows],
        age_restricted=np.array([row.age_restricted for row in rows], dtype=np.bool_),
        channels=[frozenset(row.channels) for row in rows],
        contains=[row.ingredients for row in rows],
    )


def _locked_draft(terms: Terms, by: User) -> Terms:
    terms = Terms.objects.select_for_update(of=("self",)).select_related("offer").get(pk=terms.pk)
    if terms.author_id not in (None, by.pk):
        raise PermissionDenied(f"Only the author of these terms changes them. Ask {in_words.person(terms.author)}.")
    if terms.state != State.DRAFT:
        raise Refused(
            f"Terms {terms.number} were submitted, so they no longer change: what you entered was not saved. "
            "Make new terms once these are decided."
        )
    return terms


def _still_open(terms: Terms) -> str:
    if terms.state == State.DRAFT:
        return f"Terms {terms.number} are still a draft: change those instead of making new ones."
    return f"Terms {terms.number} wait for approval: new ones can be made once those are approved or returned."


def _write(terms: Terms, texts: Texts) -> None:
    for channel, text in texts.items():
        if text.subject.strip() or text.body.strip():
            Content.objects.update_or_create(terms=terms, channel=channel, defaults=text._asdict())
        else:
            Content.objects.filter(terms=terms, channel=channel).delete()


def department_of(terms: Terms) -> str | None:
    """The department that an offer is for, by its category or else by its product; None for an offer of all."""
    return terms.department or (terms.product.department if terms.product else "") or None


def _amounts(amounts: list[Decimal] | list[Decimal | None]) -> np.ndarray:
    return np.array([np.nan if amount is None else float(amount) for amount in amounts], dtype=np.float64)


def _days(days: list[dt.date | None], *, unknown: int) -> np.ndarray:
    return np.array([unknown if day is None else day_number(day) for day in days], dtype=np.int32)


def _rule(terms: Terms, profiles: Profiles) -> segments.Rule | None:
    if terms.eligibility is None:
        return None
    try:
        return segments.parse(terms.eligibility, profiles.features, profiles.vocabularies)
    except segments.RuleError as unreadable:
        raise Refused(f"The rule of {terms.offer.ref} cannot be used: {unreadable} Make new terms.") from unreadable
