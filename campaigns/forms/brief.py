"""What the campaign is called, what is expected of it, and how it will be judged."""

from decimal import Decimal
from typing import Any

from django import forms

from campaigns.models import Campaign
from campaigns.ready_made import REACTIVATE

TALL = {"rows": 3}
NAMELESS = {"required": "Give the campaign a name."}


class NewForm(forms.Form):
    name = forms.CharField(
        max_length=120,
        widget=forms.TextInput({"autofocus": True}),
        help_text="What colleagues will call it: “Win back lapsing coffee buyers, March”.",
        error_messages=NAMELESS,
    )
    start = forms.ChoiceField(
        label="Start from",
        choices=[("", "An empty plan"), (REACTIVATE, "Win back who is likely to stay away")],
        widget=forms.RadioSelect,
        required=False,
        initial="",
        help_text="The plan to win back chooses the tenth of active members whom the scorer expects to stay away, and "
        "says how it will be judged; offers and dates are yours to choose.",
    )


class BriefForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ["name", "hypothesis", "primary_metric", "exit_criterion", "objective", "retention_weight"]
        labels = {"objective": "Offers go by", "retention_weight": "Weight of staying away"}
        widgets = {"name": forms.TextInput, "hypothesis": forms.Textarea(TALL), "exit_criterion": forms.Textarea(TALL)}
        help_texts = {
            "hypothesis": "What will members do differently, and why?",
            "primary_metric": "The one number that the campaign is judged by. It is fixed at launch.",
            "exit_criterion": "Which result would make you stop doing this?",
            "objective": "What decides who gets the offers. Margin is always what an offer is expected to change.",
            "retention_weight": "With 1, margin counts up to twice with members who are likely to stay away, with 2 up "
            "to three times.",
        }
        error_messages = {"name": NAMELESS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("hypothesis", "primary_metric", "exit_criterion"):
            setattr(self.fields[name], "needed", "needed to launch")  # noqa: B010 - read by the field component
        for name, needed in (("objective", "margin unless you choose"), ("retention_weight", "for the second only")):
            self.fields[name].required = False
            setattr(self.fields[name], "needed", needed)  # noqa: B010

    def clean_objective(self) -> str:
        return str(self.cleaned_data["objective"] or self.instance.objective)

    def clean_retention_weight(self) -> Decimal:
        told: Decimal | None = self.cleaned_data["retention_weight"]
        if told is not None and told < 0:
            raise forms.ValidationError("Enter 0 or more: nobody counts less than by margin.")
        return self.instance.retention_weight if told is None else told
