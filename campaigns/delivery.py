"""Sends what was decided. Consent is asked again in the transaction that sends, and cannot change before it ends.

Nor can what members told us of what they do not eat or drink, which is asked again too. Held-out members go through the
same steps in the same moments, and stop at the last: what they would have been sent is written down, nothing goes out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Q

from campaigns import holdouts, pacing
from campaigns.channels import BY_NAME
from campaigns.channels.envelope import Envelope
from campaigns.models import Decision, Delivery, Ghost, Run, RunOffer
from campaigns.pacing import Later
from loyalty import aliases, clock, consent, preferences
from loyalty.models import Contact
from loyalty.profiling import stating
from loyalty.profiling.stating import Told
from loyalty.stated import told
from offers import catalog, message
from offers.message import Draft

NO_CONSENT = "consent was withdrawn before sending"
AVOIDED = "the member told us before sending that they do not eat or drink what it contains"
ENDED = "the campaign ended before it could be sent"
EXPIRED = "the offer was over before it could be sent"
HELD_OUT = "found since to be a person who is held out"
COLUMNS = "run_id, member_id, rank, held_out, run_offer_id, channel, state, reason, at"


@dataclass(frozen=True)
class Carried:
    """An offer of the run as a channel carries it, the department it is for, what is in it (`stating.bits`), and the
    last day on which it can be used."""

    draft: Draft
    department: str | None
    contains: int
    until: dt.date | None


# By the run's offer.
Load = Mapping[int | None, Carried]
# A decision, and why it is refused.
Answer = tuple[Decision, str]


def deliver(run: Run, *, first: int, last: int, at: dt.datetime) -> Later | None:
    """Send the run's offers to members with ids from `first` to `last`: one message per member, offer and channel; of
    the held out, write down what they would have been sent. Returns when to go on where not all may go now.

    Call it in a transaction. An offer goes by each channel that the member agreed to; where channels have capacities,
    by the first of them alone, which is the one it was counted for. What was sent before is passed over; a member who
    has withdrawn since the run began, or cannot be reached, gets a refusal with its reason.
    """
    channels, later = run.campaign.channels, None
    if still_quiet := pacing.quiet_until(channels, at=at):
        return still_quiet
    pacing.take_turn(channels, at=at)  # ahead of any lock that a member waits for
    decisions, run_offers = _chosen(run, first, last), _with_texts(run)
    for channel in channels:
        load = _load(channel, run_offers)
        agreed = _agreed(run, channel, [decision for decision in decisions if decision.chosen_id in load])
        if run.campaign.capacities:
            decisions = _without(decisions, agreed)
        asked = _ask(run, channel, agreed, load, at=at)
        wanted = sum(not reason for _, reason in asked.answers)
        going = pacing.take(channel, wanted, at=at)
        if going < wanted:
            later = pacing.next_minute(channel, at=at)
        _send(channel, _first(asked.answers, going), load, asked.said, at=at)
    return later


@dataclass(frozen=True)
class Asked:
    """What is due with the reason why it is refused, empty where it is not; and what its members told us."""

    answers: Sequence[Answer]
    said: Told


def _ask(run: Run, channel: str, agreed: list[Decision], load: Load, *, at: dt.datetime) -> Asked:
    """Hold the members' consent, and see of each decision not told yet what stands in its way."""
    allowed = consent.held_for_sending(channel, [decision.member_id for decision in agreed])
    due = _not_told(run, channel, agreed)  # asked under the lock: nobody becomes one person with another meanwhile
    said = told.of(np.unique(np.array([decision.member_id for decision in due], dtype=np.int64)))
    barred = holdouts.barred([each.member_id for each in due if not each.held_out], run=run, at=at)
    reasons = (
        _refusal(channel, each, allowed, _keeps_away(said, each, load))
        or _over(run, load[each.chosen_id], at)
        or _barred(each, barred)
        for each in due
    )
    return Asked(list(zip(due, reasons, strict=True)), said)


def _first(answers: Sequence[Answer], going: int) -> list[Answer]:
    """The refusals, and of the others so many, held out or not."""
    places = accumulate(not reason for _, reason in answers)
    return [each for each, place in zip(answers, places, strict=True) if each[1] or place <= going]


def _send(channel: str, answers: Sequence[Answer], load: Load, said: Told, *, at: dt.datetime) -> None:
    _record(channel, answers, at)
    free = [each for each, reason in answers if not (reason or each.held_out)]
    BY_NAME[channel].send(_envelope(channel, decision, load, said) for decision in free)


def _chosen(run: Run, first: int, last: int) -> list[Decision]:
    """What was given and what was withheld."""
    of_these = run.decisions.filter(member_id__gte=first, member_id__lte=last)
    chosen = of_these.filter(Q(run_offer__isnull=False) | Q(withheld__isnull=False))
    return list(chosen.select_related("member__contact").order_by("member_id", "rank"))


def _without(decisions: Iterable[Decision], taken: Iterable[Decision]) -> list[Decision]:
    keys = {decision.pk for decision in taken}
    return [decision for decision in decisions if decision.pk not in keys]


def _with_texts(run: Run) -> list[RunOffer]:
    run_offers = run.offers.select_related("approval__terms__offer", "approval__terms__product")
    return list(run_offers.prefetch_related("approval__terms__contents"))


def _load(channel: str, run_offers: Iterable[RunOffer]) -> Load:
    return {
        run_offer.pk: Carried(
            message.draft(content, run_offer.terms),
            catalog.department_of(run_offer.terms),
            stating.bits(run_offer.terms.ingredients),
            run_offer.terms.valid_until,
        )
        for run_offer in run_offers
        for content in run_offer.terms.contents.all()
        if content.channel == channel
    }


def _agreed(run: Run, channel: str, decisions: list[Decision]) -> list[Decision]:
    """Those about members who could be contacted when the run began."""
    members = [decision.member_id for decision in decisions]
    agreed = consent.contactable(channel, members=members, at=run.started_at)
    return [each for each in decisions if each.member_id in agreed]


def _not_told(run: Run, channel: str, decisions: list[Decision]) -> list[Decision]:
    """Those that were not sent yet, unless somebody was sent to who was found to be the same person since.

    What the held out would have been sent counts among them as messages do among the others.
    """
    members = [decision.member_id for decision in decisions]
    person = aliases.everyone_of(members)
    before = set[tuple[int, int, bool]]()
    for written, state in ((run.deliveries, Delivery.State.SENT), (run.ghosts, Ghost.State.WOULD_SEND)):
        found = written.filter(Q(member__in=members) | Q(member__in=person, state=state), channel=channel)
        before.update(found.values_list("member_id", "rank", "held_out"))
    reached: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    for member, _, held_out in before:
        reached[person[member], held_out].add(member)
    return [
        each
        for each in decisions
        if (each.member_id, each.rank, each.held_out) not in before
        and reached[person[each.member_id], each.held_out] <= {each.member_id}
    ]


def _keeps_away(said: Told, decision: Decision, load: Load) -> bool:
    """Whether the member told us, perhaps only since it was decided, that they do not eat or drink what it contains."""
    return bool(said.avoids(decision.member_id) & load[decision.chosen_id].contains)


def _refusal(channel: str, decision: Decision, allowed: set[int], is_kept_away: bool) -> str:
    if decision.member_id not in allowed:
        return NO_CONSENT
    if is_kept_away:
        return AVOIDED
    lack: str = BY_NAME[channel].lacks(_contact(decision))
    return lack


def _over(run: Run, carried: Carried, at: dt.datetime) -> str:
    """What was decided may have waited for the end of quiet hours, or for its turn, until it was too late."""
    if run.campaign.ends_at and run.campaign.ends_at <= at:
        return ENDED
    return EXPIRED if carried.until and carried.until < clock.local_day(at) else ""


def _barred(decision: Decision, barred: set[int]) -> str:
    """The last to be asked, of those whom nothing else keeps from it."""
    return HELD_OUT if decision.member_id in barred else ""


def _contact(decision: Decision) -> Contact | None:
    return getattr(decision.member, "contact", None)


def _record(channel: str, answers: Sequence[Answer], at: dt.datetime) -> None:
    """Write one row per decision, by COPY: what is sent or refused, and what would have been."""
    for model, free, held_out in ((Delivery, Delivery.State.SENT, False), (Ghost, Ghost.State.WOULD_SEND, True)):
        rows = [(each, reason) for each, reason in answers if each.held_out is held_out]
        with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({COLUMNS}) FROM STDIN") as copy:
            for each, reason in rows:
                state = model.State.REFUSED if reason else free
                key = each.run_id, each.member_id, each.rank, each.held_out, each.chosen_id
                copy.write_row((*key, channel, state.value, reason, at))


def _envelope(channel: str, decision: Decision, load: Load, said: Told) -> Envelope:
    contact, carried = _contact(decision) or Contact(member=decision.member), load[decision.chosen_id]
    return Envelope(
        key=f"{decision.run_id}-{decision.member_id}-{decision.rank}-{channel}",
        contact=contact,
        message=message.address(carried.draft, first_name=contact.first_name),
        preferences_url=settings.PUBLIC_URL + preferences.path_for(decision.member),
        because=said.because(decision.member_id, carried.department),
    )
