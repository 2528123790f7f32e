from typing import Any, NamedTuple, cast

from django import forms

from loyalty.models import Product, Segment
from loyalty.models.consent import Channel
from loyalty.profiling.stating import INGREDIENTS
from offers import in_words
from offers.catalog import Facts, Text, Texts
from offers.forms.fields import AmountField, ChoicesField, DayField, WordsField
from offers.models import Content, Terms

AS_BEFORE = "as before"
LONGEST_SUBJECT = 200
LONGEST_BODY = 10_000


class TextFields(NamedTuple):
    """The two fields of one channel."""

    channel: Channel
    subject: forms.BoundField
    body: forms.BoundField


class TermsForm(forms.ModelForm):
    """Terms and their texts in one form. It validates; `offers.catalog` saves."""

    value = AmountField(help_text="Per cent, money, points, or times.")
    minimum_spend = AmountField(required=False, help_text="What has to be in the basket.")
    reward_cost = AmountField(label="Cost beyond the discount", required=False, help_text="Per use, such as points.")
    budget = AmountField(when_empty=None, required=False, help_text="Expected cost at the most.")
    valid_from = DayField(label="First day", help_text="Empty: as soon as approved.")
    valid_until = DayField(label="Last day", help_text="The last day it can be used.")
    product_ref = forms.CharField(label="Product", required=False, help_text="Its reference, if it is for one.")
    only_for = forms.ChoiceField(
        label="Only for", required=False, help_text="The segment's rule is copied; the segment may change later."
    )
    contains = forms.MultipleChoiceField(
        label="Contains",
        choices=[(name, words.capitalize()) for name, words in INGREDIENTS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Members who told us that they do not eat or drink one of these do not get the offer.",
    )
    channels = ChoicesField(choices=Channel.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Terms
        fields = [
            *("name", "kind", "value", "minimum_spend", "reward_cost", "valid_from", "valid_until", "category"),
            *("limit_per_member", "limit_total", "budget", "age_restricted", "contains", "channels"),
        ]
        widgets = {
            "name": forms.TextInput(attrs={"maxlength": 200}),
            "category": forms.TextInput(attrs={"list": "departments"}),
        }
        labels = {
            "limit_per_member": "Uses per member",
            "limit_total": "Uses in all",
            "age_restricted": "Only for adults",
        }
        help_texts = {
            "kind": "How the till applies it.",
            "category": "Such as Grocery > Coffee.",
            "limit_per_member": "Empty: no limit.",
            "limit_total": "Empty: no limit.",
        }

    use_required_attribute = False  # a draft saves itself half written

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        terms = self.instance
        cast("forms.ChoiceField", self.fields["only_for"]).choices = _whom(terms)
        self.initial["only_for"] = "" if terms.eligibility is None else AS_BEFORE
        self.initial["product_ref"] = terms.product.ref if terms.product else ""
        written = {content.channel: content for content in terms.contents.all()}
        for channel in Channel:
            self._add_text_fields(channel, written.get(channel))

    def _add_text_fields(self, channel: Channel, content: Content | None) -> None:
        subject, body = f"{channel}_subject", f"{channel}_body"
        area = forms.Textarea(attrs={"rows": 6})
        self.fields[subject] = WordsField(label="Subject", max_length=LONGEST_SUBJECT)
        self.fields[body] = WordsField(label="Text", max_length=LONGEST_BODY, widget=area)
        if content:
            self.initial[subject], self.initial[body] = content.subject, content.body

    def text_fields(self) -> list[TextFields]:
        return [TextFields(channel, self[f"{channel}_subject"], self[f"{channel}_body"]) for channel in Channel]

    def clean_product_ref(self) -> Product | None:
        ref = self.cleaned_data["product_ref"]
        product = Product.objects.filter(ref=ref).first() if ref else None
        if ref and product is None:
            raise forms.ValidationError(f"There is no product {ref}. Write a reference from your products file.")
        return product

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "The last day is before the first. Choose a later one.")
        return cleaned

    def facts(self) -> Facts:
        """The columns of the terms, for `catalog.edit`."""
        chosen = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return cast("Facts", chosen | {"product": self.cleaned_data["product_ref"], "eligibility": self._eligibility()})

    def texts(self) -> Texts:
        return {channel: Text(self._said(f"{channel}_subject"), self._said(f"{channel}_body")) for channel in Channel}

    def typed(self) -> tuple[Terms, list[Content]]:
        """What stands in the form, saved or not, as far as it makes sense."""
        terms = self.instance
        terms.product = self.cleaned_data.get("product_ref")
        return terms, [Content(channel=channel, subject=s, body=b) for channel, (s, b) in self.texts().items()]

    def _said(self, field: str) -> str:
        return str(self.cleaned_data.get(field, "")).replace("\r\n", "\n")

    def _eligibility(self) -> Any:
        chosen = self.cleaned_data["only_for"]
        if chosen == AS_BEFORE:
            return self.instance.eligibility
        return Segment.objects.get(pk=chosen).current().rule if chosen else None


def _whom(terms: Terms) -> list[tuple[str, str]]:
    saved = Segment.objects.filter(versions__isnull=False).distinct().values_list("pk", "name")
    kept = [] if terms.eligibility is None else [(AS_BEFORE, f"As before: {in_words.eligibility(terms)}")]
    return [("", "Everybody"), *kept, *((str(pk), f"Segment {name}") for pk, name in saved)]
