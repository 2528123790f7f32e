from typing import Any, cast

from django import forms

from offers import listing
from offers.models import Terms

ANY = ("", "Any")
RESERVED = "new"  # the address of the page that makes offers


class NewOfferForm(forms.Form):
    ref = forms.CharField(
        label="Reference", max_length=60, help_text="As the till knows it. It stays; everything else can change later."
    )
    name = forms.CharField(max_length=200, help_text="What the member reads.")
    kind = forms.ChoiceField(choices=Terms.Kind.choices)

    def clean_ref(self) -> str:
        ref: str = self.cleaned_data["ref"]
        if ref == RESERVED or "/" in ref:
            raise forms.ValidationError("Choose another reference without a slash, such as COFFEE-20.")
        return ref


class WantedForm(forms.Form):
    """The filters above the list; one that makes no sense counts as not set."""

    q = forms.CharField(label="Text", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(choices=[ANY, *Terms.State.choices], required=False)
    department = forms.ChoiceField(required=False)
    validity = forms.ChoiceField(choices=[ANY, *listing.VALIDITIES.items()], required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        department = cast("forms.ChoiceField", self.fields["department"])
        department.choices = [ANY, *((name, name) for name in listing.departments())]

    def wanted(self, sort: str) -> listing.Wanted:
        self.is_valid()
        return listing.Wanted(**self.cleaned_data, sort=sort or "name")
