"""What readers of results may ask for."""

from django import forms


class PowerForm(forms.Form):
    """A plan as it may become; what is left out or is no such number stays as the campaign has it."""

    per_cent = forms.FloatField(label="Held out, %", required=False, min_value=0.01, max_value=99)
    outcome_days = forms.IntegerField(label="Outcome window, days", required=False, min_value=1, max_value=365)
    wanted = forms.FloatField(label="Lift to be seen, %", required=False, min_value=0.01, max_value=1_000)
