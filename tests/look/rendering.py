from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler


def render(source: str, *, path: str = "/", at: str | None = None, **context: Any) -> str:
    """A piece of a page as the reader's browser gets it, on the page whose address is named `at`."""
    request: HttpRequest = RequestFactory().get(path)
    request.resolver_match = at and SimpleNamespace(url_name=at)  # type: ignore[assignment]
    return engines["django"].from_string(CottonCompiler().process(source)).render(context, request)
