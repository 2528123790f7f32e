"""The member's own page: what we send, why, and what we know. No log-in; the signed link is the key.

The key stands in the address and no cookie is trusted, so there is nothing that another site could ride on, and the
forms ask for no CSRF token. They could not: under `no-referrer` a browser does not say where a form comes from.
"""

from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loyalty import aliases, clock, knowledge, preferences, stated
from loyalty.htmx import HtmxRequest
from loyalty.models import Member
from loyalty.models.consent import Channel, Purpose
from loyalty.refusal import Refused
from loyalty.segmentation import themes
from loyalty.stated import questions

TEMPLATE = "loyalty/preferences.html"
CHOICES = f"{TEMPLATE}#choices"
WORDING = {
    (Purpose.MARKETING.value, Channel.EMAIL.value): ("Offers by e-mail", "We send offers to your e-mail address."),
    (Purpose.MARKETING.value, Channel.APP.value): ("Offers in the app", "We put offers into the inbox of our app."),
    (Purpose.PERSONALISATION.value, ""): ("Offers chosen for you", "We choose offers by what you bought from us."),
}
OFFERS_BY_EMAIL = (Purpose.MARKETING.value, Channel.EMAIL.value)


class Choice(NamedTuple):
    """One thing the member decides: what it is called, what it means, and whether it is on."""

    purpose: str
    channel: str
    label: str
    meaning: str
    on: bool


def theirs(
    view: Callable[[HtmxRequest, Member, str], HttpResponse], *, even_ended: bool = False
) -> Callable[..., HttpResponse]:
    """Give a view the member whose link it is; a link that does not work gets a sentence and nothing else."""

    @csrf_exempt
    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request: HtmxRequest, token: str) -> HttpResponse:
        try:
            member = preferences.member_of(token, even_ended=even_ended)
        except Refused as refusal:
            response = render(request, TEMPLATE, {"refusal": str(refusal)}, status=404)
        else:
            response = view(request, member, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return opened


@require_safe
@theirs
def show(request: HtmxRequest, member: Member, token: str) -> HttpResponse:
    return render(request, TEMPLATE, page(member, token))


@require_POST
@theirs
def choose(request: HtmxRequest, member: Member, token: str) -> HttpResponse:
    choice = request.POST.get("purpose", ""), request.POST.get("channel", "")
    template = CHOICES if request.htmx else TEMPLATE
    try:
        done = _choose(member, choice, on=request.POST.get("granted") == "yes")
    except Refused as refusal:
        return render(request, template, {**page(member, token), "refusal": str(refusal)}, status=409)
    if request.htmx:
        return render(request, template, {**page(member, token), "done": done})
    return redirect("preferences", token)


@require_http_methods(["GET", "HEAD", "POST"])
@partial(theirs, even_ended=True)
def unsubscribe(request: HtmxRequest, member: Member, token: str) -> HttpResponse:
    """One click in the mail program (RFC 8058): a POST stops e-mail at once, a GET changes nothing.

    A link that was ended does that still: whoever holds an old message can say that it was the last.
    """
    if request.method != "POST":
        return redirect("preferences", token)
    return HttpResponse(_choose(member, OFFERS_BY_EMAIL, on=False), content_type="text/plain")


def _choose(member: Member, choice: tuple[str, str], *, on: bool) -> str:
    """Record it, with the words that the member was shown; a sentence that says what holds now."""
    purpose, channel = choice
    label, meaning = WORDING.get(choice, ("", ""))
    preferences.choose(member, purpose=purpose, channel=channel, granted=on, wording=meaning, at=clock.now())
    return f"{label}: {'on' if on else 'off'}, from this moment."


def page(member: Member, token: str) -> dict[str, Any]:
    """Everything on the page; of those who were merged no facts, and what was told by this link's member alone.

    We may have taken two people for one, and whoever holds a link would read what the other bought.
    """
    contact = getattr(member, "contact", None)
    is_merged = len(aliases.everyone_of([member.pk])) > 1
    profile = None if is_merged else knowledge.profile_of(member, on=clock.today())
    return {
        "token": token,
        "is_merged": is_merged,
        "address": masked(contact.email) if contact else "",
        "choices": list(_choices(member)),
        "questions": list(questions.of(member)),
        "statements": stated.standing([member.pk]),
        "facts": [(theme, found) for theme, found in knowledge.facts(profile) if theme != themes.TOLD],
        "shopping": knowledge.shopping(profile),
    }


def _choices(member: Member) -> Iterator[Choice]:
    held = preferences.allows(member)
    for (purpose, channel), (label, meaning) in WORDING.items():
        yield Choice(purpose, channel, label, meaning, held[purpose, channel])


def masked(email: str) -> str:
    """An address its owner recognises and nobody else can use: a•••@example.com."""
    name, at, host = email.partition("@")
    return f"{name[:1]}•••{at}{host}" if name else ""
