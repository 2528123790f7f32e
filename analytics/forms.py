"""What readers of results may ask for, and what they enter."""

from decimal import Decimal

from django import forms


class PowerForm(forms.Form):
    """A plan as it may become; what is left out or is no such number stays as the campaign has it."""

    per_cent = forms.FloatField(label="Held out, %", required=False, min_value=0.01, max_value=99)
    outcome_days = forms.IntegerField(label="Outcome window, days", required=False, min_value=1, max_value=365)
    wanted = forms.FloatField(label="Lift to be seen, %", required=False, min_value=0.01, max_value=1_000)


class CostForm(forms.Form):
    """What the programme cost in a month, beyond what campaigns are charged for."""

    month = forms.DateField(
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput({"type": "month"}, format="%Y-%m"),
        error_messages=dict.fromkeys(("required", "invalid"), "Choose a month."),
    )
    label = forms.CharField(
        label="For", max_length=80, error_messages={"required": "Say what it was for: a licence, people, points."}
    )
    amount = forms.DecimalField(
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        error_messages=dict.fromkeys(("required", "min_value"), "Enter an amount of 0 or more."),
    )


class DrawForm(forms.Form):
    """The holdouts of the next year."""

    begins = forms.DateField(
        label="First day",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), "Choose the first day on which they hold."),
    )
    universal = forms.DecimalField(
        label="Take part in nothing",
        min_value=Decimal(0),
        max_value=Decimal(50),
        decimal_places=2,
        help_text="No campaign writes to them for a year. Without them nobody can say what the programme brings.",
        error_messages={"required": "Enter a share in per cent: 5 is usual."},
    )
    generic = forms.DecimalField(
        label="Get the same offer all",
        min_value=Decimal(0),
        max_value=Decimal(50),
        decimal_places=2,
        help_text="Of the others: each campaign gives them its best single offer, which shows what choosing for each "
        "member adds.",
        error_messages={"required": "Enter a share in per cent, or 0 for none."},
    )
