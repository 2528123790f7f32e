from django import forms


class CampaignForm(forms.Form):
    name = forms.CharField(help_text="What colleagues will look for.")
    hypothesis = forms.CharField(widget=forms.Textarea, help_text="What will happen, to whom, and why.")
    budget = forms.DecimalField(required=False, initial=2500)
    share_held_out = forms.DecimalField(max_value=50, help_text="Members who get nothing, to compare with.")
    metric = forms.ChoiceField(choices=[("margin", "Margin per member"), ("spend", "Spend per member")])
    channels = forms.MultipleChoiceField(
        choices=[("email", "E-mail"), ("app", "App inbox")], widget=forms.CheckboxSelectMultiple
    )
    design = forms.ChoiceField(
        choices=[("randomised", "Randomised"), ("targeted", "Targeted")], widget=forms.RadioSelect, required=False
    )
    starts = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    again = forms.BooleanField(label="Let members who redeemed last month in", required=False, help_text="They count.")
    members = forms.FileField(required=False, label="Members to leave out")
