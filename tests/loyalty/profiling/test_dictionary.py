import pytest

from loyalty.profiling import dictionary


def test_age_is_marked_as_sensitive() -> None:
    assert dictionary.FIXED["age"].sensitive


@pytest.mark.parametrize("name", ["gender", "household_income", "Health_notes"])
def test_an_attribute_is_sensitive_where_its_name_says_so(name: str) -> None:
    assert dictionary.attribute(name, "category").sensitive


@pytest.mark.parametrize("name", ["trace", "package", "favourite_colour"])
def test_a_name_that_only_contains_such_letters_is_not(name: str) -> None:
    assert not dictionary.attribute(name, "category").sensitive


def test_an_attribute_is_labelled_by_its_name() -> None:
    assert dictionary.attribute("shoe_size", "number").label == "Shoe size"


def test_a_department_in_braces_stays_as_it_is() -> None:
    assert "{Garden} is {value} times" in dictionary.affinity("{Garden}").sentence
