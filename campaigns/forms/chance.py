"""Who is held out, who gets an offer by lot, and when the campaign may run."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from campaigns.models import Campaign
from loyalty import clock
from loyalty.models import Segment

MOST_APART = 5

Facts = dict[str, Any]


class HoldoutForm(forms.ModelForm):
    per_cent = forms.DecimalField(
        label="Share held out",
        min_value=Decimal(1),
        max_value=Decimal(90),
        decimal_places=2,
        help_text="These members get nothing from this campaign. What they do shows what the others would have done.",
        error_messages={
            "required": "Enter a share in per cent: 10 or 20 are usual.",
            "min_value": "Enter 1 or more: with nobody held out, lift cannot be measured.",
            "max_value": "Enter 90 or less: somebody is to get an offer.",
        },
    )
    per_cent_explored = forms.DecimalField(
        label="Share whose offer is drawn at random",
        min_value=Decimal(0),
        max_value=Decimal(50),
        decimal_places=2,
        help_text="Of those not held out: among the offers open to them and within the limits, chance decides, so that "
        "we go on learning which offer works for whom. With 0 nothing new is learned.",
        error_messages={
            "required": "Enter a share in per cent, or 0 to draw for nobody.",
            "max_value": "Enter 50 or less: the others are to get what is expected to earn most.",
        },
    )

    read_apart = forms.ModelMultipleChoiceField(
        Segment.objects.order_by("name"),
        label="Segments told of by themselves",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whose lift the report also shows alone. Chosen before the launch, five at the most: whoever looks "
        "through many afterwards finds one that shines by chance.",
    )

    class Meta:
        model = Campaign
        fields = ["outcome_days"]
        labels = {"outcome_days": "Days over which outcomes count"}
        help_texts = {"outcome_days": "From the launch. Every purchase of every member counts, whatever it was for."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["per_cent"] = _per_cent(self.instance.share_held_out)
        self.initial["per_cent_explored"] = _per_cent(self.instance.share_explored)
        self.fields["outcome_days"] = forms.IntegerField(
            label="Outcome window",
            min_value=1,
            max_value=365,
            help_text=self.fields["outcome_days"].help_text,
            error_messages=dict.fromkeys(
                ("required", "min_value", "max_value"), "Enter a number of days from 1 to 365."
            ),
        )
        self.initial["read_apart"] = self.instance.read_apart.all()
        self.order_fields(["per_cent", "outcome_days", "per_cent_explored", "read_apart"])

    def clean_read_apart(self) -> QuerySet[Segment]:
        chosen: QuerySet[Segment] = self.cleaned_data["read_apart"]
        if len(chosen) > MOST_APART:
            raise forms.ValidationError(f"Choose {MOST_APART} segments at the most.")
        return chosen


class DatesForm(forms.Form):
    starts_on = forms.DateField(
        label="First day",
        widget=forms.DateInput({"type": "date"}),
        help_text="It can be launched from this day on.",
        error_messages={"required": "Choose the first day on which it may run."},
    )
    ends_on = forms.DateField(
        label="Last day",
        widget=forms.DateInput({"type": "date"}),
        help_text="It can be launched until then.",
        error_messages={"required": "Choose the last day on which it may run."},
    )

    def clean(self) -> Facts:
        facts = super().clean() or {}
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first: choose a later one.")
        return facts


def _per_cent(share: Decimal) -> Decimal:
    """0.1000 → 10: without the noughts that a number field would show."""
    per_cent = share * 100
    return per_cent.quantize(Decimal(1)) if per_cent == per_cent.to_integral() else per_cent.normalize()


def dates_of(campaign: Campaign) -> Facts:
    """The campaign's first and last day as the form shows them; today is proposed to begin on."""
    first = clock.local_day(campaign.starts_at) if campaign.starts_at else clock.today()
    return {"starts_on": first, "ends_on": campaign.last_day}
