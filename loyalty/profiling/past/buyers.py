"""The kind of condition that asks what was bought: who meets it, and why a member does or does not."""

from loyalty.profiling.bought import circumstances, money, what, words
from loyalty.profiling.conditions import Bought
from loyalty.profiling.counted import counted
from loyalty.profiling.freshness import PURCHASES
from loyalty.profiling.past import lookup
from loyalty.profiling.past.relying import reliable, unknown
from loyalty.profiling.scanning import Mark, looked_up, nobody
from loyalty.profiling.table import Profiles


def marks(rule: Bought, profiles: Profiles) -> Mark:
    """The members who meet the condition; RuleError where these profiles do not hold what it asks for.

    While purchases are stale nobody does, as with an unknown value.
    """
    history = reliable(profiles, PURCHASES)
    return looked_up(lookup.buyers(rule, history)) if history else nobody


def holds(rule: Bought, profiles: Profiles, position: int) -> bool:
    history = reliable(profiles, PURCHASES)
    return history is not None and lookup.meets(rule, lookup.bought(rule, history, history.row(position)))


def sentence(rule: Bought, profiles: Profiles, position: int, *, holds: bool) -> str:
    """Why a member passes or not, with what was bought."""
    history, features = reliable(profiles, PURCHASES), profiles.features
    if history is None:
        return unknown(PURCHASES, words(rule, features))
    found = lookup.bought(rule, history, history.row(position))
    if rule.times is not None:
        told, asked = f"in {counted(found, 'basket')}", f"{rule.times:,}"
    else:
        told, asked = f"for {money(found, features)}", money(rule.amount_e4 or 0, features)
    return f"Bought {what(rule)} {told}{circumstances(rule)}, {'' if holds else 'of '}at least {asked} asked."
