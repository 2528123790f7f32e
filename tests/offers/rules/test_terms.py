import numpy as np
import pytest

from tests.offers.rules.tables import terms


def test_a_table_is_as_long_as_its_offers():
    assert len(terms(3)) == 3


def test_a_column_of_another_length_is_refused_by_name():
    with pytest.raises(ValueError, match="minimum_spend has 1 entries for 2 offers"):
        terms(2, minimum_spend=[np.nan])


def test_a_kind_that_we_do_not_know_is_refused_by_name():
    with pytest.raises(ValueError, match="lottery is not a kind of offer"):
        terms(1, kinds=["lottery"])
