from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request as the views see it: `htmx` is true when a part of a page is asked for."""

    htmx: HtmxDetails
