"""What the retailer's app fetches, with a machine key: the offers in a member's inbox."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import generics, pagination, serializers

from campaigns.models import Delivery
from loyalty import clock
from loyalty.models import Member
from loyalty.models.consent import Channel
from offers import message


class InboxMessage(serializers.ModelSerializer):
    offer_ref = serializers.CharField(source="run_offer.offer.ref")
    name = serializers.CharField(source="run_offer.approval.terms.name")
    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    valid_until = serializers.DateField(source="run_offer.approval.terms.valid_until")

    class Meta:
        model = Delivery
        fields = ["id", "at", "offer_ref", "name", "subject", "body", "valid_until"]

    def get_subject(self, delivery: Delivery) -> str:
        return _composed(delivery).subject

    def get_body(self, delivery: Delivery) -> str:
        return _composed(delivery).text


def _composed(delivery: Delivery) -> message.Message:
    terms = delivery.run_offer.approval.terms
    content = next(each for each in terms.contents.all() if each.channel == Channel.APP)
    contact = getattr(delivery.member, "contact", None)
    return message.compose(content, terms, first_name=contact.first_name if contact else "")


class NewestFirst(pagination.CursorPagination):
    ordering = ("-at", "-id")
    page_size = 50


class Inbox(generics.ListAPIView):
    """The offers that the member was sent by the app and can still use, newest first."""

    serializer_class = InboxMessage
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Delivery]:
        member = get_object_or_404(Member, ref=self.kwargs["ref"])
        terms = "run_offer__approval__terms"
        usable = Q(**{f"{terms}__valid_until": None}) | Q(**{f"{terms}__valid_until__gte": clock.today()})
        return (
            Delivery.objects.filter(usable, member=member, channel=Channel.APP, state=Delivery.State.SENT)
            .select_related("member__contact", "run_offer__offer", terms)
            .prefetch_related(f"{terms}__contents")
        )


urlpatterns = [path("members/<str:ref>/inbox/", Inbox.as_view(), name="api_inbox")]
