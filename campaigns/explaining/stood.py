"""How an option stood beside what was given, in a sentence."""

from collections.abc import Sequence
from enum import Enum

from campaigns.explaining.options import Option

TIED = 1e-6  # of the worth: less than that decides nothing, since equals are told apart by a hash


class By(Enum):
    """What decided: the prices of the limits, a draw, or the holdout that the member is in: the campaign's, the year's
    from everything, or the year's group that gets the one offer that is best for all."""

    PRICES = "prices"
    CHANCE = "chance"
    HOLDOUT = "holdout"
    UNIVERSAL = "universal"
    GENERIC = "generic"

    @property
    def withholds(self) -> bool:
        return self in (By.HOLDOUT, By.UNIVERSAL)


BY_LOT = {
    By.CHANCE: "Open, but chance drew another.",
    By.GENERIC: "Open, but this member is in the group that gets the one offer that is best for all.",
}


def standing(option: Option, given: Sequence[Option], by: By) -> str:
    """Why this option was not given, or could not be; empty for one of `given`, which were."""
    if option.is_given:
        return ""
    if option.is_withheld:
        return "It would have been given, and was withheld to measure what it brings."
    if not option.is_open:
        return option.reason
    if option.value <= 0:
        return "Open, but expected to bring no more than it costs."
    if by in BY_LOT:
        return BY_LOT[by]
    if option.net <= 0:
        return f"Open, but priced out by {_priced_out_by(option)}: others gain more by it."
    if by.withholds:
        return "Open, but held-out members get nothing."
    return _beside(option, given)


def had_no_room(option: Option, given: Sequence[Option]) -> bool:
    """Was it worth more than what was given, its price taken off, and may both not be of one department?"""
    least = min((each.net for each in given), default=0.0)
    return not option.is_given and option.is_open and option.net > least + TIED * abs(option.value)


def _was_equal(option: Option, given: Sequence[Option]) -> bool:
    """Was it worth what one of these was, before and after the price of its limits?"""
    margin = TIED * abs(option.value)
    return any(max(abs(option.value - each.value), abs(option.net - each.net)) <= margin for each in given)


def _beside(option: Option, given: Sequence[Option]) -> str:
    rival = next((each for each in given if each.department and each.department == option.department), None)
    if rival and len(given) > 1:
        return f"Open, but of the same department as {rival.name}."
    if had_no_room(option, given):
        return "Open, but its last places went to members who gain more by it."
    if _was_equal(option, given):
        return "Open, and worth as much as what was given: which of equals it is, is fixed by the campaign's draw."
    return "Open, but worth less than what was given."


def _priced_out_by(option: Option) -> str:
    charged = sorted((charge for charge in option.charges if charge.amount > 0), key=lambda charge: -charge.amount)
    return listed([charge.limit for charge in charged])


def listed(names: Sequence[str]) -> str:
    """One, one and another, or one, another and a third."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
