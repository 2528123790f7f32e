"""What a campaign may use, for tools that plan budgets: the builder's limits and its share of chance, read and replaced
as one document."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns import building, limits
from campaigns.api.stating import LimitsDocument
from campaigns.models import Campaign
from loyalty.models import Scope
from loyalty.refusal import Refused

NOT_THERE = "There is no campaign with this reference. Send it as it stands in the address of the campaign's page."
IF_MATCH = OpenApiParameter(
    "If-Match", str, "header", required=True, description="The `ETag` that came with the limits that you replace."
)


class NotAsRead(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "changed"
    default_detail = "The limits were changed since you read them, and nothing was kept: read them again, then change."


class NotRead(APIException):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_code = "if_match"
    default_detail = "Read the limits first, and send the ETag that came with them as If-Match."


class Fixed(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "fixed"


class Contradiction(APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "contradiction"


class CampaignLimits(APIView):
    scope = Scope.CAMPAIGNS_WRITE

    @extend_schema(operation_id="limits_read", summary="What a campaign may use", responses=LimitsDocument)
    def get(self, request: Request, ref: str) -> Response:
        return _answer(_told(_campaign(ref)))

    @extend_schema(
        operation_id="limits_replace",
        summary="Replace what a draft may use",
        description="All of it at once: what is not sent is refused, and `null` stands for no limit.",
        parameters=[IF_MATCH],
        request=LimitsDocument,
        responses=LimitsDocument,
    )
    def put(self, request: Request, ref: str) -> Response:
        with transaction.atomic():
            campaign = _campaign(ref, locked=True)
            _refuse_what_was_not_read(request, campaign)
            sent = LimitsDocument(campaign, data=request.data)
            sent.is_valid(raise_exception=True)
            _limit(campaign, sent)
        return _answer(_told(_campaign(ref)))


def _limit(campaign: Campaign, sent: LimitsDocument) -> None:
    """Limits that rule one another out undo the change."""
    try:
        changed = building.limit(campaign, sent.by_offer(), **sent.facts())
    except Refused as refusal:
        raise Fixed(str(refusal)) from None
    for conflict in limits.conflicts(limits.stated(changed)):
        raise Contradiction(conflict.sentence)


def _campaign(ref: str, *, locked: bool = False) -> Campaign:
    campaigns = Campaign.objects.select_for_update() if locked else Campaign.objects
    found = None if "\0" in ref else campaigns.filter(ref=ref).prefetch_related("offers__offer").first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _refuse_what_was_not_read(request: Request, campaign: Campaign) -> None:
    shown = request.headers.get("If-Match", "")
    if not shown:
        raise NotRead
    if _etag(_told(campaign)) not in [tag.strip() for tag in shown.split(",")]:
        raise NotAsRead


def _told(campaign: Campaign) -> Any:
    return LimitsDocument(campaign).data


def _etag(told: Any) -> str:
    return f'"{hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]}"'


def _answer(told: Any) -> Response:
    return Response(told, headers={"ETag": _etag(told)})


urlpatterns = [path("campaigns/<str:ref>/limits/", CampaignLimits.as_view(), name="api_limits")]
