"""What the retailer's app fetches, with a machine key: the offers in a member's inbox."""

from typing import Any, NamedTuple

import numpy as np
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import path
from rest_framework import generics, pagination, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from campaigns.models import Delivery
from loyalty import aliases, clock, consent
from loyalty.models import Member, Scope
from loyalty.models.consent import Channel
from loyalty.profiling import stating
from loyalty.profiling.stating import Told
from loyalty.stated import told
from offers import catalog, message

TERMS = "run_offer__approval__terms"


class InboxMessage(serializers.ModelSerializer[Delivery]):
    """An offer as the member reads it in the app."""

    offer_ref = serializers.CharField(source="run_offer.offer.ref")
    name = serializers.CharField(source="run_offer.terms.name")
    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    because = serializers.SerializerMethodField(help_text="What the member told us that counted; empty for nothing.")
    valid_until = serializers.DateField(source="run_offer.terms.valid_until", allow_null=True)

    class Meta:
        model = Delivery
        fields = ["id", "at", "offer_ref", "name", "subject", "body", "because", "valid_until"]

    def get_subject(self, delivery: Delivery) -> str:
        return _composed(delivery).subject

    def get_body(self, delivery: Delivery) -> str:
        return _composed(delivery).text

    def get_because(self, delivery: Delivery) -> str:
        said: Said = self.context["said"]
        return said.told.because(said.person, catalog.department_of(delivery.run_offer.terms))


class Said(NamedTuple):
    """What a person told us, by the member who stands for them."""

    person: int
    told: Told


class NewestFirst(pagination.CursorPagination):
    ordering = ("-at", "-id")
    page_size = 50

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        """A cursor that was made up can hold a moment that is none."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except ValidationError:
            raise NotFound(self.invalid_cursor_message) from None


class Inbox(generics.ListAPIView[Delivery]):
    """The offers that the member was sent by the app and can still use, newest first.

    Each reference of a person answers for the person. The app's fetching is the sending, so consent is asked once more:
    whoever took it back has an empty inbox, and whoever told us since what they do not eat or drink is kept from it.
    """

    scope = Scope.INBOX_READ
    serializer_class = InboxMessage
    pagination_class = NewestFirst
    queryset = Delivery.objects.none()
    said = Said(0, Told({}))  # until somebody's inbox is asked for

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "said": self.said}

    def get_queryset(self) -> QuerySet[Delivery]:
        member = _member(self.kwargs["ref"])
        people = aliases.everyone_of([member.pk])
        self.said = Said(people[member.pk], told.of(np.array([*people])))
        if not consent.contactable(Channel.APP, members=people):
            return Delivery.objects.none()
        usable = Q(**{f"{TERMS}__valid_until": None}) | Q(**{f"{TERMS}__valid_until__gte": clock.today()})
        return (
            Delivery.objects.filter(usable, member__in=people, channel=Channel.APP, state=Delivery.State.SENT)
            .exclude(_contains(stating.ingredients_in(self.said.told.avoids(self.said.person))))
            .select_related("member__contact", "run_offer__offer", f"{TERMS}__product")
            .prefetch_related(f"{TERMS}__contents")
        )


def _contains(ingredients: list[str]) -> Q:
    """Offers that say they contain one of these, or whose product is flagged as doing so."""
    flagged = Q(**{f"{TERMS}__product__isnull": False, f"{TERMS}__product__flags__overlap": ingredients})
    return Q(**{f"{TERMS}__contains__overlap": ingredients}) | flagged


def _member(ref: str) -> Member:
    found = None if "\0" in ref else Member.objects.filter(ref=ref).first()
    if found is None:
        raise NotFound("There is no member with this reference. Send it as it stands in your members file.")
    return found


def _composed(delivery: Delivery) -> message.Message:
    terms = delivery.run_offer.terms
    content = next(each for each in terms.contents.all() if each.channel == Channel.APP)
    contact = getattr(delivery.member, "contact", None)
    return message.compose(content, terms, first_name=contact.first_name if contact else "")


urlpatterns = [path("members/<path:ref>/inbox/", Inbox.as_view(), name="api_inbox")]
