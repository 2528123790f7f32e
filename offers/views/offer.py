"""Is it right in every channel? One offer: its terms to edit or to read, previews, checks and history."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from loyalty import clock, roles
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused
from offers import approval, catalog, checks, history, listing, wording
from offers.forms import TermsForm
from offers.models import Content, Offer, Terms
from offers.views import preview

TEMPLATE = "offers/offer.html"
READING = f"{TEMPLATE}#reading"


@require_safe
def show(request: HtmxRequest, ref: str) -> HttpResponse:
    if not request.htmx:
        return _page(request, ref)
    terms = _newest(ref)
    return render(request, READING, _reading(request, terms, list(terms.contents.all())))


@require_POST
@roles.only(roles.MARKETER)
def save(request: HtmxRequest, ref: str) -> HttpResponse:
    """Save the draft as it stands in the form; the answer is how it reads now and what is missing."""
    form = TermsForm(request.POST, instance=_newest(ref))
    refusal = _kept(request, form)
    if form.errors or refusal:
        return _unfinished(request, ref, form, refusal)
    if request.htmx:
        return render(request, READING, _reading(request, *form.typed()) | {"saved_at": clock.now()})
    return redirect("offer", ref)


@require_POST
@roles.only(roles.MARKETER)
def submit(request: HtmxRequest, ref: str) -> HttpResponse:
    """Save what stands in the form, then put it before the approvers; refused terms stay saved as a draft."""
    form = TermsForm(request.POST, instance=_newest(ref))
    refusal = _kept(request, form)
    if not form.errors and not refusal:
        refusal = _refusal_of(lambda: approval.submit(form.instance, by=_user(request), at=clock.now()))
    if form.errors or refusal:
        return _unfinished(request, ref, form, refusal)
    messages.success(request, f"Terms {form.instance.number} wait for approval.")
    return _to_page(request, ref)


@require_POST
@roles.only(roles.MARKETER)
def revise(request: HtmxRequest, ref: str) -> HttpResponse:
    offer = get_object_or_404(Offer, ref=ref)
    refusal = _refusal_of(lambda: catalog.revise(offer, by=_user(request), at=clock.now()))
    return _page(request, ref, refusal=refusal) if refusal else redirect("offer", ref)


@require_POST
@roles.only(roles.MARKETER)
def discard(request: HtmxRequest, ref: str) -> HttpResponse:
    terms = _newest(ref)
    refusal = _refusal_of(lambda: catalog.discard(terms, by=_user(request)))
    if refusal:
        return _page(request, ref, refusal=refusal)
    messages.success(request, f"The draft of {terms.name or ref} is discarded.")
    return redirect("offers") if terms.number == 1 else redirect("offer", ref)


def _newest(ref: str) -> Terms:
    offer = get_object_or_404(Offer, ref=ref)
    return offer.terms.select_related("offer", "author", "product").latest("number")


def _user(request: HtmxRequest) -> User:
    return cast("User", request.user)


def _refusal_of(verb: Callable[[], Any]) -> str:
    """Why the verb was refused; empty when it was done."""
    try:
        verb()
    except Refused as refusal:
        return str(refusal)
    return ""


def _kept(request: HtmxRequest, form: TermsForm) -> str:
    """Save a form without errors; why that was refused, or nothing."""
    if not form.is_valid():
        return ""
    facts, texts = form.facts(), form.texts()
    return _refusal_of(lambda: catalog.edit(form.instance, by=_user(request), texts=texts, **facts))


def _unfinished(request: HtmxRequest, ref: str, form: TermsForm, refusal: str) -> HttpResponse:
    if not request.htmx:
        return _page(request, ref, form=form, refusal=refusal)
    said = {"form": form, "refusal": refusal}
    return render(request, READING, _reading(request, *form.typed()) | said, status=409 if refusal else 422)


def _to_page(request: HtmxRequest, ref: str) -> HttpResponse:
    response = redirect("offer", ref)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _page(request: HtmxRequest, ref: str, *, form: TermsForm | None = None, refusal: str = "") -> HttpResponse:
    terms = _newest(ref)
    form = form or (TermsForm(instance=terms) if _may_edit(_user(request), terms) else None)
    typed = form.typed() if form and form.is_bound else (terms, list(terms.contents.all()))
    context = {
        "standing": terms,
        "form": form,
        "refusal": refusal,
        "facts": history.facts(terms),
        "history": history.of(terms.offer),
        "departments": listing.departments(),
        "variables": wording.VARIABLES,
        "may_revise": roles.is_marketer(request.user) and terms.state in (Terms.State.APPROVED, Terms.State.RETURNED),
    }
    status = 409 if refusal else 422 if form and form.errors else 200
    return render(request, TEMPLATE, _reading(request, *typed) | context, status=status)


def _may_edit(user: User, terms: Terms) -> bool:
    return terms.state == Terms.State.DRAFT and roles.is_marketer(user) and terms.author_id in (None, user.pk)


def _reading(request: HtmxRequest, terms: Terms, contents: list[Content]) -> dict[str, Any]:
    """How the terms read in each channel, and what is missing."""
    tried = preview.samples()
    reader = preview.reader(request, tried)
    return {
        "terms": terms,
        "tried": tried,
        "reader": reader,
        "previews": preview.messages_for(reader, terms, contents),
        "problems": checks.problems(terms, contents, on=clock.today()),
        "advice": checks.advice(terms, contents),
    }
