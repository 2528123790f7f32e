"""Sends what was decided. Consent is asked again in the transaction that sends, and cannot change before it ends."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet

from campaigns.channels import BY_NAME
from campaigns.channels.envelope import Envelope
from campaigns.models import Decision, Delivery, Run, RunOffer
from loyalty import consent, preferences
from loyalty.models import Contact
from offers import message
from offers.models import Content

NO_CONSENT = "consent was withdrawn before sending"

Sending = tuple[Decision, Content]


def deliver(run: Run, *, first: int, last: int, at: dt.datetime) -> None:
    """Send the run's offers to members with ids from `first` to `last`, by each channel they agreed to.

    Call it in a transaction. A member who was sent something by this run and channel before is passed over; one who has
    withdrawn since the run began, or cannot be reached, gets a refusal with its reason.
    """
    decisions = _given(run, first, last)
    for channel in run.campaign.channels:
        sendings = _due(run, channel, list(_carried_by(channel, decisions)))
        allowed = consent.held_for_sending(channel, [decision.member_id for decision, _ in sendings])
        reasons = [_refusal(channel, decision, allowed) for decision, _ in sendings]
        Delivery.objects.bulk_create(
            _delivery(decision, channel, reason, at) for (decision, _), reason in zip(sendings, reasons, strict=True)
        )
        free = [sending for sending, reason in zip(sendings, reasons, strict=True) if not reason]
        BY_NAME[channel].send([_envelope(channel, decision, content) for decision, content in free])


def _given(run: Run, first: int, last: int) -> QuerySet[Decision]:
    return (
        run.decisions.filter(member_id__gte=first, member_id__lte=last, run_offer__isnull=False)
        .select_related("member__contact", "run_offer__approval__terms__offer")
        .prefetch_related("run_offer__approval__terms__contents")
        .order_by("member_id")
    )


def _carried_by(channel: str, decisions: Iterable[Decision]) -> Iterator[Sending]:
    for decision in decisions:
        for content in _offer(decision).terms.contents.all():
            if content.channel == channel:
                yield decision, content


def _due(run: Run, channel: str, sendings: list[Sending]) -> list[Sending]:
    """Those to members who could be contacted when the run began, and were not sent to yet."""
    members = [decision.member_id for decision, _ in sendings]
    agreed = consent.contactable(channel, members=members, at=run.started_at)
    before = set(run.deliveries.filter(channel=channel, member__in=members).values_list("member_id", flat=True))
    due = agreed - before
    return [sending for sending in sendings if sending[0].member_id in due]


def _refusal(channel: str, decision: Decision, allowed: set[int]) -> str:
    if decision.member_id not in allowed:
        return NO_CONSENT
    lack: str = BY_NAME[channel].lacks(_contact(decision))
    return lack


def _offer(decision: Decision) -> RunOffer:
    assert decision.run_offer, "only decisions that give something are delivered"
    return decision.run_offer


def _contact(decision: Decision) -> Contact | None:
    return getattr(decision.member, "contact", None)


def _delivery(decision: Decision, channel: str, reason: str, at: dt.datetime) -> Delivery:
    return Delivery(
        run_id=decision.run_id,
        member_id=decision.member_id,
        held_out=decision.held_out,
        run_offer=_offer(decision),
        channel=channel,
        state=Delivery.State.REFUSED if reason else Delivery.State.SENT,
        reason=reason,
        at=at,
    )


def _envelope(channel: str, decision: Decision, content: Content) -> Envelope:
    contact = _contact(decision) or Contact(member=decision.member)
    terms = _offer(decision).terms
    return Envelope(
        key=f"{decision.run_id}-{decision.member_id}-{channel}",
        contact=contact,
        message=message.compose(content, terms, first_name=contact.first_name),
        preferences_url=settings.PUBLIC_URL + preferences.path_for(decision.member),
    )
