"""Refusals of the REST API as problem documents (RFC 9457), whatever a machine says it accepts."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import VALIDATION_ERROR, ErrorResponse
from rest_framework.exceptions import APIException

MEDIA_TYPE = "application/problem+json"
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: the status says which problem it is."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong and what to do, in a sentence."},
        "code": {"type": "string", "description": "The kind of problem, for programs."},
        "errors": {
            "type": "array",
            "description": "One entry per field that was not understood.",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}


class ProblemFormatter(ExceptionFormatter):
    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        first, status = error_response.errors[0], self.exc.status_code
        document = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": first.detail,
            "code": first.code,
        }
        if error_response.type == VALIDATION_ERROR:
            document["errors"] = [
                {"field": error.attr, "code": error.code, "detail": error.detail} for error in error_response.errors
            ]
        return document


class ProblemHandler(ExceptionHandler):
    def format_exception(self, exc: APIException) -> dict[str, Any]:
        document: dict[str, Any] = ProblemFormatter(exc, self.context, self.exc).run()
        return document

    def get_response(self, exc: APIException, data: dict[str, Any]) -> JsonResponse:  # type: ignore[override]
        return JsonResponse(data, status=exc.status_code, headers=self.get_headers(exc), content_type=MEDIA_TYPE)


def handler(exc: Exception, context: Any) -> HttpResponseBase | None:
    """What Django REST framework asks how to answer an exception; None leaves a defect to the debugger."""
    return ProblemHandler(exc, context).run()
