import pytest

from loyalty import masking


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("iris@example.com", "i•••@e••••.com"),
        ("a@b.co.uk", "a•••@b••••.uk"),
        ("iris@localhost", "i•••@••••"),
        ("", ""),
        ("not an address", "•••"),
        ("@example.com", "•••"),
    ],
)
def test_address_shows_its_first_letters_and_its_end(address, masked):
    assert masking.email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("+61 400 123 456", "•••• 456"), ("0400123", "•••• 123"), ("123", "••••"), ("", "")]
)
def test_number_shows_its_last_digits_if_others_are_left_to_hide(number, masked):
    assert masking.phone(number) == masked


@pytest.mark.parametrize(
    ("first", "last", "masked"), [("Iris", "Meyer", "I••• M•••"), ("Iris", "", "I•••"), ("", " ", "")]
)
def test_name_shows_its_initials(first, last, masked):
    assert masking.name(first, last) == masked


@pytest.mark.parametrize(("code", "shown"), [("LS2 7EE", "LS•••"), ("10115", "10•••"), ("x", "•••"), ("", "")])
def test_of_a_postcode_only_the_area_is_shown(code: str, shown: str) -> None:
    assert masking.postcode(code) == shown


@pytest.mark.parametrize(("number", "shown"), [(1980, "198•"), (2009, "200•"), (None, "")])
def test_of_a_year_of_birth_only_the_decade_is_shown(number: int | None, shown: str) -> None:
    assert masking.year(number) == shown
