from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler


def render(source: str, *, path: str = "/", **context: Any) -> str:
    """A piece of a page as the reader's browser gets it."""
    request: HttpRequest = RequestFactory().get(path)
    return engines["django"].from_string(CottonCompiler().process(source)).render(context, request)
