"""What machines send: what members do, as it happens."""

import hashlib
import json
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, NamedTuple

from django.db import OperationalError
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from loyalty import clock, events, idempotency
from loyalty.events import schema
from loyalty.idempotency import Answer
from loyalty.models import Scope
from loyalty.refusal import Refused

LARGEST_BODY = 2 * 2**20
TRIES = 3
NO_JSON = "The body is not JSON in UTF-8: send an object with a list of events."
DEADLOCK, LOCKED = "40P01", "55P03"


class TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class KeyReused(APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key"


class Busy(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "busy"
    default_detail = "A large file of events is being loaded: nothing of this batch was kept, so send it again."
    wait = 30


class Body(NamedTuple):
    """What was sent, and the SHA-256 of its bytes."""

    content: Any
    sha256: str


class JsonBody(BaseParser):
    """JSON in UTF-8, no larger than `LARGEST_BODY`, whatever else the headers say."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge(f"Send at most {LARGEST_BODY // 2**20} MB at a time: split the batch.")
        try:
            return Body(json.loads(body.decode(), parse_constant=_no_number), hashlib.sha256(body).hexdigest())
        except (ValueError, RecursionError):
            raise ParseError(NO_JSON) from None


class Events(APIView):
    scope = Scope.EVENTS_WRITE
    parser_classes = [JsonBody]

    @extend_schema(
        operation_id="events_send",
        summary="Send what members did",
        description=schema.DESCRIPTION,
        parameters=[OpenApiParameter("Idempotency-Key", str, "header", description=schema.IDEMPOTENCY)],
        request={"application/json": schema.BATCH},
        responses={200: schema.TAKEN},
    )
    def post(self, request: Request) -> Response:
        body: Any = request.data
        if not isinstance(body, Body):
            raise ParseError(NO_JSON)  # nothing was sent at all
        answer = _answer(request, _batch(body.content), body.sha256)
        return Response(answer.content, headers={"Idempotent-Replayed": "true"} if answer.is_repeat else None)


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _batch(content: object) -> list[object]:
    rows = content.get("events") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        raise ValidationError({"events": "Send an object with a list of events: {“events”: [{…}, …]}."})
    if len(rows) > events.MOST:
        raise TooLarge(f"Send at most {events.MOST:,} events at a time: this batch has {len(rows):,}.")
    return rows


def _answer(request: Request, rows: list[object], body_hash: str) -> Answer:
    """The answer to a batch; a deadlock with another writer is tried again, since nothing was kept."""
    for _ in range(TRIES):
        try:
            return _once(request, rows, body_hash)
        except OperationalError as error:
            if (state := getattr(error.__cause__, "sqlstate", "")) not in (DEADLOCK, LOCKED):
                raise
            if state == LOCKED:
                break
    raise Busy


def _once(request: Request, rows: list[object], body_hash: str) -> Answer:
    at, key = clock.now(), request.headers.get("Idempotency-Key", "")
    machine: Any = request.auth
    request_hash = f"{request.method} {request.path.rstrip('/')} {body_hash}"
    try:
        return idempotency.once(machine, key, request_hash, lambda: _told(events.take_in(rows, at=at), rows), at=at)
    except Refused as refusal:
        raise KeyReused(str(refusal)) from None


def _told(taken: events.Taken, rows: list[object]) -> dict[str, Any]:
    return {
        **{name: count for name, count in asdict(taken).items() if name != "refusals"},
        "refused": len(taken.refusals),
        "refusals": [{**each._asdict(), "event_ref": _ref(rows[each.position])} for each in taken.refusals],
    }


def _ref(row: object) -> str | None:
    """The reference as it was sent, if it can be sent back."""
    ref = row.get("event_ref") if isinstance(row, dict) else None
    return ref if isinstance(ref, str) and ref.isprintable() and len(ref) <= 200 else None


urlpatterns = [
    path("events", Events.as_view(), name="api_events"),
    path("events/", Events.as_view(schema=None), name="api_events"),
]
