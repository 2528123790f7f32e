"""One member: who is this, and why did they get that?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns import live, member_scores, timeline
from campaigns.timeline import Entry
from loyalty import aliases, clock, identity, knowledge, masking, preferences, reveals, roles, sensitive, stated
from loyalty.htmx import HtmxRequest
from loyalty.models import Consent, Contact, LinksEnded, Load, Member, Reveal, Snapshot
from loyalty.models.consent import Channel
from loyalty.profiles import stages
from loyalty.profiling import families
from loyalty.profiling.lifecycle import STAGES
from loyalty.profiling.snapshot import SnapshotDamagedError
from loyalty.refusal import Refused

TEMPLATE = "campaigns/member.html"
LATEST = 20
NEVER_BOUGHT = STAGES[-1]


class Noted(NamedTuple):
    """Something that the membership record says."""

    label: str
    value: Any
    is_sensitive: bool = False


@require_safe
def member(request: HtmxRequest, ref: str) -> HttpResponse:
    """The whole page, or of its timeline what htmx asks for: another kind, or what was earlier."""
    found = _found(ref)
    if request.htmx:
        part = "entries" if request.htmx.target == "earlier" else "timeline"
        told = _timeline(request, found, _people(found), Snapshot.objects.latest_ready())
        return render(request, f"{TEMPLATE}#{part}", told)
    return render(request, TEMPLATE, _page(request, found))


@require_POST
@never_cache
@roles.only(roles.OPERATOR, "sees contact details")
def reveal(request: HtmxRequest, ref: str) -> HttpResponse:
    """Show the contact details once, after writing down who sees them and why."""
    found = _found(ref)
    told: dict[str, Any] = {}
    try:
        reason = request.POST.get("reason", "")
        told["revealed"] = reveals.reveal(found, by=cast("User", request.user), at=clock.now(), reason=reason)
    except Refused as refusal:
        told["refusal"] = str(refusal)
    page = _contact(found) if request.htmx else _page(request, found)
    part = f"{TEMPLATE}#contact" if request.htmx else TEMPLATE
    return render(request, part, page | told, status=422 if "refusal" in told else 200)


@require_POST
@roles.only(roles.OPERATOR, "ends links that were sent")
def end_links(request: HtmxRequest, ref: str) -> HttpResponse:
    """The member says that somebody else has their messages."""
    preferences.end_links(_found(ref), by=cast("User", request.user), at=clock.now())
    return redirect("member", ref)


def _found(ref: str) -> Member:
    return get_object_or_404(Member.objects.select_related("home_store", "contact", "alias__survivor"), ref=ref)


def _page(request: HtmxRequest, found: Member) -> dict[str, Any]:
    snapshot = Snapshot.objects.latest_ready()
    profile = knowledge.profile_of(aliases.survivor_of(found), on=clock.today())
    people = _people(found)
    return {
        "merges": identity.merges_of(found),
        **_contact(found),
        **_timeline(request, found, people, snapshot),
        "known": profile.row(0) if profile else {},
        "snapshot": snapshot,
        "record": _record(found),
        "facts": knowledge.facts(profile),
        "shopping": knowledge.shopping(profile),
        "outdated": knowledge.outdated(profile).items(),
        "memberships": knowledge.memberships(profile),
        "member_scores": member_scores.of(profile),
        "newest": live.newest_decision(people),
        "live": live.offers_of(people, at=clock.now(), on=clock.today()),
        "allows": [(_label(channel), on) for (_, channel), on in preferences.allows(found).items()],
        "links_ended": LinksEnded.objects.filter(member__in=people).select_related("by").first(),
        "statements": stated.standing(people),
        "consents": Consent.objects.filter(member__in=people).order_by("-at", "-pk")[:LATEST],
        "told_by": Load.objects.filter(kind="members", started_at=found.told_at).first() if found.told_at else None,
    }


def _people(found: Member) -> list[int]:
    """The keys of all members who are this person."""
    return sorted(aliases.everyone_of([found.pk]))


def _contact(found: Member) -> dict[str, Any]:
    """Whom to reach how, masked, and who saw it unmasked."""
    contact = getattr(found, "contact", None) or Contact(member=found)
    masked = [
        ("Name", masking.name(contact.first_name, contact.last_name)),
        ("E-mail", masking.email(contact.email)),
        ("Phone", masking.phone(contact.phone)),
    ]
    return {
        "member": found,
        "masked": [(label, value) for label, value in masked if value],
        "births": [(_named(name), value) for name, value in found.attributes.items() if families.is_birth(name)],
        "reasons": Reveal.Reason.choices,
        "reveals": Reveal.objects.filter(member=found).select_related("by")[:LATEST],
    }


def _record(found: Member) -> list[Noted]:
    """What the members file says of them; what would find a person outside is hidden."""
    facts = [
        Noted("Joined", f"{found.joined_on:%-d %b %Y}" if found.joined_on else ""),
        Noted("Tier", found.tier),
        Noted("Home store", str(found.home_store or "")),
        Noted("Postcode", masking.postcode(found.postcode)),
    ]
    return facts + [
        Noted(
            _named(name),
            masking.HIDDEN if families.is_birth(name) else value,
            is_sensitive=sensitive.is_sensitive(name),
        )
        for name, value in found.attributes.items()
    ]


def _timeline(request: HtmxRequest, found: Member, people: Sequence[int], snapshot: Snapshot | None) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in timeline.KINDS else ""
    before = _moment(request.GET.get("before", ""))
    told = _stages(found, people, snapshot)
    page = timeline.page(people, before=before or timeline.NEWEST, kind=kind, told=told)
    return {"member": found, "timeline": page, "kind": kind, "kinds": timeline.KINDS.items(), "before": before}


def _stages(found: Member, people: Sequence[int], snapshot: Snapshot | None) -> list[Entry]:
    """What is known of the member's path: when they joined, and the stages they went through since."""
    joined = [Entry(clock.start_of(found.joined_on), "stage", "Joined")] if found.joined_on else []
    try:
        began = list(stages.of(aliases.survivor_of(found), people, snapshot)) if snapshot else []
    except SnapshotDamagedError:  # the front page says so
        began = []
    return joined + [
        Entry(clock.start_of(each.day), "stage", f"Became {each.stage}")
        for each in began
        if each.stage != NEVER_BOUGHT  # that is what joining says
    ]


def _moment(text: str) -> dt.datetime | None:
    """The moment that an address names; None for one that was made up."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _named(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _label(channel: str) -> str:
    return f"Offers by {Channel(channel).label.lower()}" if channel else "Offers chosen for them"
