import pytest

from loyalty import attributes


@pytest.mark.parametrize("name", ["dob", "birthday", "Date_of_Birth"])
def test_a_day_of_birth_is_no_column_of_a_profile(name):
    assert [each.name for each in attributes.typed([(name, "string"), ("pet", "string")])] == ["pet"]


def test_a_column_of_mixed_types_is_a_category():
    assert attributes.typed([("size", "number"), ("size", "string")]) == [("size", "category")]
