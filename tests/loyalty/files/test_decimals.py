from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.files import decimals
from loyalty.files.cells import read_decimal

NUMERALS = (
    st.from_regex(r"[+-]?[0-9]{0,8}\.?[0-9]{0,6}([eE][+-]?[0-9]{1,2})?", fullmatch=True)
    | st.decimals(-(10**6), 10**6, places=4).map(str)
    | st.sampled_from(["nan", "inf", "-infinity", "0x1", " 1", "1 ", "", "-0", "1.", ".5", "-.5", "1,5", "1_0", "９"])
)


@given(st.lists(st.none() | NUMERALS, min_size=1, max_size=2))
@settings(max_examples=1500, deadline=None)
def test_what_is_read_together_is_what_each_cell_says(texts):
    try:
        together = decimals.decimals(pa.array(texts, pa.string())).to_pylist()
    except pa.ArrowInvalid:
        return
    assert together == [None if text is None else read_decimal(text) for text in texts]


@given(st.lists(st.integers(-(10**10) + 1, 10**10 - 1), min_size=1, max_size=50))
def test_every_number_of_few_characters_is_exact(scaled):
    exact = [Decimal(number).scaleb(-4) for number in scaled]
    texts = [f"{number:f}"[: decimals.FEW_CHARACTERS] for number in exact]
    assert decimals.decimals(pa.array(texts)).to_pylist() == [Decimal(text) for text in texts]


@pytest.mark.parametrize("text", ["1.00001", "0.000000001", "-0.00001", "99999.99999", "1e-9", "12345.00001"])
def test_a_fifth_decimal_is_not_rounded_away(text):
    with pytest.raises(pa.ArrowInvalid):
        decimals.decimals(pa.array([text]))


def test_the_unknown_stays_unknown_within_a_longer_column():
    column = pa.array(["1", None, "2.5", None, "x"]).slice(1, 3)
    assert decimals.decimals(column).to_pylist() == [None, Decimal("2.5"), None]


def test_a_number_too_small_for_four_decimals_is_not_taken_for_zero():
    with pytest.raises(pa.ArrowInvalid):
        decimals.decimals(pa.array(["1", "1.000000E-81"]))
