"""What members tell us of themselves on their own page: they change it, take it along, and have it forgotten."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from loyalty import clock, preferences, stated
from loyalty.htmx import HtmxRequest
from loyalty.models import Member
from loyalty.refusal import Refused
from loyalty.stated import asking
from loyalty.views.preferences import TEMPLATE, page, theirs

TOLD = f"{TEMPLATE}#told"
FORGOTTEN = (
    "Forgotten. What you do not eat or drink is gone entirely, and no offer is kept away from you by it. What else you "
    "told us leaves your profile when it is next built."
)


@require_POST
@theirs
def tell(request: HtmxRequest, member: Member, token: str) -> HttpResponse:
    """What they tell us of one topic, all of it: what is not among it is taken back."""
    topic, values = request.POST.get("topic", ""), [value for value in request.POST.getlist("value") if value]
    try:
        stated.tell(member, topic, values, source=preferences.SOURCE, at=clock.now())
    except Refused as refusal:
        said = {"not_told": str(refusal), "opened": topic}
        return render(request, TOLD if request.htmx else TEMPLATE, page(member, token) | said, status=409)
    told = asking.answer(topic, values) or "nothing"
    return _done(request, member, token, topic, f"{asking.QUESTIONS[topic]}: {told}. It holds from this moment.")


@require_POST
@theirs
def forget(request: HtmxRequest, member: Member, token: str) -> HttpResponse:
    stated.forget(member)
    return _done(request, member, token, "", FORGOTTEN)


@require_safe
@theirs
def told(request: HtmxRequest, member: Member, token: str) -> HttpResponse:
    """All that they ever told us, as a file."""
    response = JsonResponse({"told": stated.history(member)}, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="what-you-told-us.json"'
    return response


def _done(request: HtmxRequest, member: Member, token: str, topic: str, sentence: str) -> HttpResponse:
    if not request.htmx:
        return redirect("preferences", token)
    return render(request, TOLD, page(member, token) | {"told_done": sentence, "opened": topic})
