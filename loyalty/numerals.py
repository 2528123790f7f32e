"""Whole numbers as they stand in an address or a form, where anybody can write anything."""

MOST_DIGITS = 18  # what a bigint holds whatever the digits; Python itself refuses to read some thousands


def whole(text: str) -> int | None:
    """The number that a text of digits says; None for any other text, and for more digits than a row could have."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
