from datetime import date

import numpy as np
import pytest

from loyalty.profiling import membership
from loyalty.profiling.table import day_number

AS_OF = date(2026, 3, 1)


@pytest.mark.parametrize(("born", "age"), [(2007, 18), (2008, 17), (2026, 0), (1906, 119)])
def test_the_birthday_of_the_year_counts_as_still_to_come(born: int, age: int) -> None:
    assert membership.least_age(np.array([born]), AS_OF) == [age]


@pytest.mark.parametrize("born", [-1, 0, 1905, 2027])
def test_a_year_of_birth_beyond_belief_is_unknown(born: int) -> None:
    assert np.isnan(membership.least_age(np.array([born]), AS_OF)[0])


def test_tenure_is_unknown_before_joining_and_where_the_day_is_unknown() -> None:
    today = day_number(AS_OF)
    told = membership.tenure_days(np.array([today - 10, today, today + 1, -1]), AS_OF)
    np.testing.assert_equal(told, [10, 0, np.nan, np.nan])


@pytest.mark.parametrize(
    ("postcode", "area"),
    [("LS2 7EE", "LS"), ("m1 1ae", "M"), (" 10115", "10"), ("75001", "75"), ("D-10115", ""), ("", ""), ("7", "")],
)
def test_the_area_is_how_a_postcode_begins(postcode: str, area: str) -> None:
    assert membership.postcode_area(postcode) == area
