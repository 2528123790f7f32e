"""The builder's steps: each form holds one step's fields of a campaign and says what is wrong in a sentence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import MinValueValidator
from django.http import QueryDict

from campaigns.building import OfferLimit
from campaigns.models import Campaign, CampaignOffer
from loyalty import clock
from loyalty.models import Segment
from loyalty.models.consent import Channel
from offers.models import Offer, Terms

TALL = {"rows": 3}
Facts = dict[str, Any]


class NewForm(forms.Form):
    name = forms.CharField(
        max_length=120, help_text="What colleagues will call it: “Win back lapsing coffee buyers, March”."
    )


class BriefForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ["name", "hypothesis", "primary_metric", "exit_criterion"]
        widgets = {"name": forms.TextInput, "hypothesis": forms.Textarea(TALL), "exit_criterion": forms.Textarea(TALL)}
        help_texts = {
            "hypothesis": "What will members do differently, and why?",
            "primary_metric": "The one number that the campaign is judged by. It is fixed at launch.",
            "exit_criterion": "Which result would make you stop doing this?",
        }


class AudienceForm(forms.ModelForm):
    channels = forms.MultipleChoiceField(
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Members hear from it where they agreed.",
    )

    class Meta:
        model = Campaign
        fields = ["segment", "channels"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segment = forms.ModelChoiceField(Segment.objects.order_by("name"), empty_label="Choose a segment")
        self.fields["segment"] = segment


class OfferChoice(forms.ModelMultipleChoiceField):
    """Offers called by what the member reads; `names` is filled in by the form, by the offers' keys."""

    names: Mapping[int, str]

    def label_from_instance(self, obj: Offer) -> str:
        return f"{self.names[obj.pk]} ({obj.ref})"


class OffersForm(forms.Form):
    offers = OfferChoice(
        Offer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one offer."},
        help_text="Only offers with approved terms that are valid today can be decided on.",
    )

    def __init__(self, data: QueryDict | None, *, campaign: Campaign) -> None:
        super().__init__(data, initial={"offers": campaign.offers.values_list("offer", flat=True)})
        usable = Terms.objects.approved().live_on(clock.today())
        choice = cast("OfferChoice", self.fields["offers"])
        choice.names = dict(usable.newest().values_list("offer", "name"))
        choice.queryset = Offer.objects.filter(pk__in=choice.names)


class LimitsForm(forms.ModelForm):
    """The limits over all offers, and two fields for each offer of the campaign."""

    class Meta:
        model = Campaign
        fields = ["total_budget", "contact_limit", "contact_cost"]
        labels = {
            "total_budget": "Total budget",
            "contact_limit": "Members contacted at the most",
            "contact_cost": "Cost of one message",
        }
        help_texts = {"total_budget": "Expected cost of redemptions over all offers. Never exceeded."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("total_budget", "contact_cost"):
            self.fields[name].validators.append(MinValueValidator(0))
        self.chosen = list(self.instance.offers.select_related("offer"))
        for each in self.chosen:
            self.fields[f"limit_{each.offer_id}"] = forms.IntegerField(
                label=f"{each.offer.ref}: members at the most", min_value=0, required=False, initial=each.limit
            )
            self.fields[f"budget_{each.offer_id}"] = forms.DecimalField(
                label=f"{each.offer.ref}: budget",
                min_value=Decimal(0),
                decimal_places=2,
                required=False,
                initial=each.budget,
            )

    def rows(self) -> list[tuple[CampaignOffer, forms.BoundField, forms.BoundField]]:
        """Each offer with its two fields, for the table of limits."""
        return [(each, self[f"limit_{each.offer_id}"], self[f"budget_{each.offer_id}"]) for each in self.chosen]

    def limits(self) -> dict[int, OfferLimit]:
        told = self.cleaned_data
        return {
            each.offer_id: OfferLimit(told[f"limit_{each.offer_id}"], told[f"budget_{each.offer_id}"])
            for each in self.chosen
        }


class HoldoutForm(forms.ModelForm):
    per_cent = forms.DecimalField(
        label="Share held out",
        min_value=Decimal(1),
        max_value=Decimal(90),
        decimal_places=2,
        help_text="These members get nothing from this campaign. What they do shows what the others would have done.",
    )

    class Meta:
        model = Campaign
        fields = ["outcome_days"]
        labels = {"outcome_days": "Days over which outcomes count"}
        help_texts = {"outcome_days": "From the launch. Every purchase of every member counts, whatever it was for."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["per_cent"] = (self.instance.share_held_out * 100).normalize()
        self.fields["outcome_days"] = forms.IntegerField(
            label="Outcome window", min_value=1, max_value=365, help_text=self.fields["outcome_days"].help_text
        )
        self.order_fields(["per_cent", "outcome_days"])


class DatesForm(forms.Form):
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput({"type": "date"}), help_text="It can be launched from this day on."
    )
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput({"type": "date"}))

    def clean(self) -> Facts:
        facts = super().clean() or {}
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first: choose a later one.")
        return facts


def dates_of(campaign: Campaign) -> Facts:
    """The campaign's first and last day as the form shows them."""
    return {"starts_on": campaign.starts_at and clock.local_day(campaign.starts_at), "ends_on": campaign.last_day}
