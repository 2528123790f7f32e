from decimal import Decimal
from typing import Any

from django import forms


class NeededLater(forms.Field):
    """Not optional, yet a draft may leave it empty: `offers.checks` asks for it when the terms are submitted."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class WordsField(NeededLater, forms.CharField):
    pass


class ChoicesField(NeededLater, forms.MultipleChoiceField):
    pass


class AmountField(NeededLater, forms.DecimalField):
    """A number of at most four decimals that is not negative; left empty it is `when_empty`."""

    def __init__(self, *, when_empty: Decimal | None = Decimal(0), **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(min_value=0, max_digits=18, decimal_places=4, widget=widget, **options)
        self.when_empty = when_empty

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        return self.when_empty if amount is None else amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, widget=widget, **options)
