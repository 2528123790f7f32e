"""Amounts as they stand in a sentence."""

from decimal import Decimal

from offers import in_words

MINUS = "−"
ARMS = {"held_out": "held out", "treated": "treated", "generic": "with the one best offer"}
WHOLE_FROM = 100  # currency units; of more than that nobody asks for cents


def money(amount: float) -> str:
    """€1,234, €12.34 or −€5."""
    exact = Decimal(str(round(abs(amount), 0 if abs(amount) >= WHOLE_FROM else 2)))
    return (MINUS if amount < 0 and exact else "") + in_words.money(exact)


def times(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def in_arm(arm: str) -> str:
    """Goes on after "members": held out, with the one best offer."""
    return ARMS.get(arm, f"in “{arm}”")
