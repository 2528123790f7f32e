import pytest

from loyalty.linking import normal


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        (" Iris@Example.COM ", "iris@example.com"),
        ("Ｉris@example.com", "iris@example.com"),
        ("iris\u200b@example.com", "iris@example.com"),
        ("iris@Bücher.example", "iris@xn--bcher-kva.example"),
        ("iris@xn--bcher-kva.example", "iris@xn--bcher-kva.example"),
        ("iris@example.com.", "iris@example.com"),
        ("I.ris.Berg+shop@googlemail.com", "irisberg@gmail.com"),
        ("iris.berg+shop@outlook.com", "iris.berg@outlook.com"),
        ("iris.berg+shop@example.com", "iris.berg+shop@example.com"),
    ],
)
def test_email_is_the_mailbox_it_leads_to(written, mailbox):
    assert normal.email(written) == mailbox


@pytest.mark.parametrize(
    "written", ["", "iris", "@example.com", "iris@", "iris@example", "a b@example.com", "a@b@c.de"]
)
def test_what_is_no_address_is_none(written):
    assert normal.email(written) is None


@pytest.mark.parametrize(
    "written", ["a@" + "x" * 70 + ".com", "+@gmail.com", "...@gmail.com", "a@exa mple.com", "a@\x00.com"]
)
def test_what_cannot_be_delivered_is_none(written):
    assert normal.email(written) is None


@pytest.mark.parametrize(
    "written",
    ["+44 20 7946 0018", "+442079460018", "020 7946 0018", "(020) 7946-0018", "0044 20 7946 0018", "٠٢٠ ٧٩٤٦ ٠٠١٨"],
)
def test_phone_is_the_same_however_it_is_written(written):
    assert normal.phone(written, "GB") == "+442079460018"


def test_country_of_the_retailer_decides_about_national_numbers():
    assert normal.phone("030 901820", "DE") == "+4930901820"
    assert normal.phone("030 901820", "") is None


@pytest.mark.parametrize("written", ["", "call me", "0000", "12", "020 7946 0018 ext 3", "+0123456789"])
def test_what_is_nobodys_number_is_none(written):
    assert normal.phone(written, "GB") is None


@pytest.mark.parametrize("written", ["Zoë", "ZOE ", "zoe", "Zo-e"])
def test_name_is_its_letters(written):
    assert normal.name(written) == "zoe"
