"""Headers that keep a page to itself: only our own scripts and styles, nobody's frame."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
)

FORM = "application/x-www-form-urlencoded"

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class PageSecurityMiddleware:
    """Refuses addresses that cannot be ours, and adds the headers a view has not set for itself.

    The outbox, for one, frames a message under a policy of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/") and _holds_nul(request):  # the API answers in its own form
            raise BadRequest("A NUL byte stands in the address or in the form.")
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        patch_vary_headers(response, ["HX-Request"])  # one URL answers with the page or with its part
        return response


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a NUL byte stands where none can be meant, and where the database would refuse it."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return request.content_type == FORM and any(nul in request.body for nul in (b"\0", b"%00"))
