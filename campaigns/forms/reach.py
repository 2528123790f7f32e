"""Whom the campaign is for, and what it may give them."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict

from campaigns.models import Campaign
from loyalty import clock
from loyalty.models import Segment
from loyalty.models.consent import Channel
from offers.models import Offer, Terms


class AudienceForm(forms.ModelForm):
    channels = forms.MultipleChoiceField(
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Members hear from it where they agreed.",
        error_messages={"required": "Choose at least one channel."},
    )

    class Meta:
        model = Campaign
        fields = ["segment", "channels"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segment = forms.ModelChoiceField(
            Segment.objects.order_by("name"),
            empty_label="Choose a segment",
            error_messages={"required": "Choose the segment that it is for."},
        )
        self.fields["segment"] = segment


class OfferChoice(forms.ModelMultipleChoiceField):
    """Offers called by what the member reads; `terms` is filled in by the form, by the offers' keys."""

    terms: Mapping[int, Terms]

    def label_from_instance(self, obj: Offer) -> str:
        return self.terms[obj.pk].name


class OffersForm(forms.Form):
    offers = OfferChoice(
        Offer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one offer."},
        help_text="Only offers with approved terms that are valid today can be decided on.",
    )

    def __init__(self, data: QueryDict | None, *, campaign: Campaign) -> None:
        super().__init__(data, initial={"offers": campaign.offers.values_list("offer", flat=True)})
        usable = Terms.objects.approved().live_on(clock.today()).newest().select_related("offer")
        self.choice = cast("OfferChoice", self.fields["offers"])
        self.choice.terms = {terms.offer_id: terms for terms in usable}
        self.choice.queryset = Offer.objects.filter(pk__in=self.choice.terms).order_by("ref")

    def rows(self) -> list[tuple[forms.boundfield.BoundWidget, Terms]]:
        """Each offer's tick with the terms it stands for, for the table of offers: those chosen first."""
        ticks = sorted(self["offers"], key=lambda tick: not tick.data["selected"])
        return [(tick, self.choice.terms[tick.data["value"].value]) for tick in ticks]
