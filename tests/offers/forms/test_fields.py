from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from offers.forms.fields import AmountField, ChoicesField, DayField, WordsField


@pytest.mark.parametrize(("written", "amount"), [("20", "20"), ("4.5", "4.5"), ("0.0001", "0.0001"), ("", "0")])
def test_amount_is_read_exactly(written: str, amount: str) -> None:
    assert AmountField().clean(written) == Decimal(amount)


@pytest.mark.parametrize("written", ["lots", "-1", "1.00001", "NaN", "Infinity", "1e30", "1,000"])
def test_amount_that_cannot_be_meant_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        AmountField().clean(written)


def test_empty_amount_may_be_unknown() -> None:
    assert AmountField(when_empty=None).clean("") is None


@pytest.mark.parametrize(("amount", "shown"), [("20.0000", "20"), ("4.5000", "4.5"), ("1000000", "1000000")])
def test_amount_is_shown_as_it_would_be_written(amount: str, shown: str) -> None:
    assert AmountField().prepare_value(Decimal(amount)) == shown


def test_draft_may_leave_out_what_is_needed_later() -> None:
    assert (WordsField().clean(""), ChoicesField(choices=[("a", "A")]).clean([])) == ("", [])


def test_what_is_needed_later_is_not_called_optional() -> None:
    assert WordsField().required


def test_choice_outside_the_list_is_refused() -> None:
    with pytest.raises(ValidationError):
        ChoicesField(choices=[("a", "A")]).clean(["b"])


def test_day_is_shown_as_a_browser_reads_it() -> None:
    assert DayField().widget.format == "%Y-%m-%d"
