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
CENT = Decimal("0.01")
NAMELESS = {"required": "Give the campaign a name."}
NEGATIVE = {"min_value": "Enter 0 or more, or nothing for no limit."}
Facts = dict[str, Any]


class NewForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        help_text="What colleagues will call it: “Win back lapsing coffee buyers, March”.",
        error_messages=NAMELESS,
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
        error_messages = {"name": NAMELESS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("hypothesis", "primary_metric", "exit_criterion"):
            setattr(self.fields[name], "needed", "needed to launch")  # noqa: B010 - read by the field component


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
        """Each offer's tick with the terms it stands for, for the table of offers."""
        return [(tick, self.choice.terms[tick.data["value"].value]) for tick in self["offers"]]


class LimitsForm(forms.ModelForm):
    """The limits over all offers, and two fields for each offer of the campaign."""

    class Meta:
        model = Campaign
        fields = ["total_budget", "contact_limit", "contact_cost"]
        labels = {
            "total_budget": "Total budget",
            "contact_limit": "Members to contact",
            "contact_cost": "Cost of one message",
        }
        help_texts = {
            "total_budget": "Expected cost of redemptions over all offers; never exceeded.",
            "contact_limit": "At the most, over all offers.",
            "contact_cost": "Taken off the margin that a message is expected to bring.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("total_budget", "contact_cost"):
            self.fields[name].validators.append(MinValueValidator(0, NEGATIVE["min_value"]))
            self.initial[name] = _short(self.initial[name])
        self.chosen = list(self.instance.offers.named())
        for each in self.chosen:
            self.fields[f"limit_{each.offer_id}"] = forms.IntegerField(
                label=f"{each.name}: members at the most",
                min_value=0,
                required=False,
                initial=each.limit,
                error_messages=NEGATIVE,
            )
            self.fields[f"budget_{each.offer_id}"] = forms.DecimalField(
                label=f"{each.name}: budget",
                min_value=Decimal(0),
                decimal_places=2,
                required=False,
                initial=_short(each.budget),
                error_messages=NEGATIVE,
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


def _short(amount: Decimal | None) -> Decimal | None:
    """Two decimal places where they say all."""
    return amount if amount is None or amount != amount.quantize(CENT) else amount.quantize(CENT)


def dates_of(campaign: Campaign) -> Facts:
    """The campaign's first and last day as the form shows them."""
    return {"starts_on": campaign.starts_at and clock.local_day(campaign.starts_at), "ends_on": campaign.last_day}
