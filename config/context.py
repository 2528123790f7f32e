"""What every page's frame shows beside the page's own content."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from loyalty import roles
from loyalty.models import Snapshot
from offers.models import Terms


def page(request: HttpRequest) -> dict[str, Any]:
    """Plain facts, and functions that ask the database only when a template uses them."""
    return {
        "demo": settings.DEMO,
        "retailer_name": settings.RETAILER_NAME,
        "currency": settings.RETAILER_CURRENCY,
        "roles": _once(lambda: roles.of(request.user)),
        "snapshot": _once(Snapshot.objects.latest_ready),
        "reviews_waiting": _once(Terms.objects.filter(state=Terms.State.SUBMITTED).count),
    }


def _once(ask: Callable[[], Any]) -> Callable[[], Any]:
    answers: list[Any] = []

    def answer() -> Any:
        if not answers:
            answers.append(ask())
        return answers[0]

    return answer
