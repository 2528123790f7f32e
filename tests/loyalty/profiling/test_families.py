import pytest

from loyalty.profiling import families


@pytest.mark.parametrize(
    "name",
    ["gender", "household_income", "Health_notes", "dob", "halal", "salary", "religious", "ispregnant", "DOB-day"],
)
def test_an_attribute_is_sensitive_where_its_name_says_so(name: str) -> None:
    assert families.attribute(name, "category").sensitive


@pytest.mark.parametrize("name", ["trace", "package", "favourite_colour", "essex", "reunion", "dobbin", "halogen"])
def test_a_name_that_only_contains_such_letters_is_not(name: str) -> None:
    assert not families.attribute(name, "category").sensitive


def test_an_attribute_is_labelled_by_its_name() -> None:
    assert families.attribute("shoe_size", "number").label == "Shoe size"


def test_a_department_in_braces_stays_as_it_is() -> None:
    assert "{Garden} is {value} times" in families.affinity("{Garden}").sentence


def test_a_family_is_found_by_what_comes_ahead_of_the_department() -> None:
    for family, describe in families.BY_DEPARTMENT.items():
        assert describe("Home: {Garden}").name == f"{family}:Home: {{Garden}}"
