"""What was sent, as the members see it."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from campaigns.api.inbox import Inbox, InboxMessage
from campaigns.models import Delivery
from config.demo import letters
from loyalty.htmx import HtmxRequest

PER_PAGE = 50
MOST_IN_INBOX = 10
# The message may be shown within our own pages, runs nothing, loads nothing and goes nowhere.
LETTER_POLICY = "; ".join(
    [
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)


@require_safe
def outbox(request: HtmxRequest) -> HttpResponse:
    """The newest messages first; `q` finds those to an address or a member."""
    wanted = request.GET.get("q", "").strip()
    found = _sent().order_by("-at", "-pk")
    if wanted:
        address = Q(member__contact__email__icontains=wanted, channel="email")
        found = found.filter(address | Q(member__ref__iexact=wanted))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    part = "#rows" if request.htmx else ""
    return render(request, "demo/outbox.html" + part, {"page": page, "wanted": wanted})


@require_safe
def message(request: HtmxRequest, pk: int) -> HttpResponse:
    """One message, and what the member's app shows now."""
    delivery = get_object_or_404(_sent(), pk=pk)
    letter = letters.of(delivery) if delivery.channel == "email" else None
    inbox = Inbox(kwargs={"ref": delivery.member.ref})
    newest = inbox.get_queryset().order_by("-at", "-pk")[:MOST_IN_INBOX]
    shown = InboxMessage(newest, many=True, context={"said": inbox.said})
    page = {"delivery": delivery, "letter": letter, "inbox": shown.data}
    return render(request, "demo/message.html", page)


@require_safe
@xframe_options_sameorigin
def letter(request: HtmxRequest, pk: int) -> HttpResponse:
    """The HTML of an e-mail, byte for byte, under a policy of its own."""
    found = letters.of(get_object_or_404(_sent(), pk=pk, channel="email"))
    if found is None:
        raise Http404
    return HttpResponse(found.html, headers={"Content-Security-Policy": LETTER_POLICY})


def _sent() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.SENT).select_related(
        "member__contact", "run__campaign", "run_offer__offer", "run_offer__approval__terms"
    )
