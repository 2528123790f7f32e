"""What can we give? The list of offers, its export, and the start of a new one."""

import csv
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import clock, roles
from loyalty.files.rejects import without_formula
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused
from offers import catalog, listing
from offers.forms import NewOfferForm, WantedForm
from offers.models import Offer, Terms

PER_PAGE = 50
COLUMNS = (
    *("offer_ref", "name", "kind", "value", "minimum_spend", "valid_from", "valid_until", "category", "product_ref"),
    *("cost", "channels", "contains", "limit_per_member", "limit_total", "budget", "terms", "state"),
)


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    form, sort = WantedForm(request.GET), request.GET.get("sort", "")
    rows = listing.listed(form.wanted(sort), on=clock.today())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    part = "#rows" if request.htmx else ""
    return render(
        request,
        f"offers/offers.html{part}",
        {"form": form, "sort": sort, "page": page, "has_offers": Offer.objects.exists(), "on": clock.today()},
    )


@require_safe
def export(request: HtmxRequest) -> StreamingHttpResponse:
    """The list as filtered and sorted, in the columns of the offers file."""
    wanted = WantedForm(request.GET).wanted(request.GET.get("sort", ""))
    rows = listing.listed(wanted, on=clock.today()).iterator(chunk_size=1000)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="offers.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@roles.only(roles.MARKETER)
def new(request: HtmxRequest) -> HttpResponse:
    form = NewOfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            terms = _create(form.cleaned_data, by=cast("User", request.user))
        except Refused as refusal:
            form.add_error("ref", str(refusal))
        else:
            messages.success(request, f"{terms.name} is a draft. It saves itself as you write.")
            return redirect("offer", terms.offer.ref)
    return render(request, "offers/offer_new.html", {"form": form}, status=422 if form.errors else 200)


def _create(said: dict[str, Any], *, by: User) -> Terms:
    return catalog.create(said["ref"], by=by, at=clock.now(), name=said["name"], kind=said["kind"])


class _Echo:
    """A file that gives back what is written to it, so that a response can stream it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[Terms]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for terms in rows:
        yield writer.writerow([without_formula(cell) for cell in _cells(terms)])


def _cells(terms: Terms) -> Iterator[str]:
    yield from (terms.offer.ref, terms.name, terms.kind, f"{terms.value:f}", f"{terms.minimum_spend:f}")
    for fact in (terms.valid_from, terms.valid_until, terms.category, terms.product and terms.product.ref):
        yield str(fact or "")
    yield from (f"{terms.reward_cost:f}", ";".join(terms.channels), ";".join(terms.contains))
    for limit in (terms.limit_per_member, terms.limit_total, terms.budget):
        yield "" if limit is None else str(limit)
    yield from (str(terms.number), terms.state)
