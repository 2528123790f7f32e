"""How each member would respond to each offer: planted, so that an estimate can be held against it.

An offer finds its member to be one of four kinds. A *persuadable* makes a shop they would not have made; a *sure thing*
takes the reward on what they would have bought anyway; a *lost cause* does nothing; a *sleeping dog* stays away when
written to. Whoever likes the offer's department and looks at prices is the likelier persuadable; whoever shops often,
the likelier sure thing; whoever is weary of being written to, the likelier sleeping dog.
"""

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer.chance import Floats, Ints
from config.demo.retailer.world import World

PERSUADABLE, SURE_THING, LOST_CAUSE, SLEEPING_DOG = range(4)
NAMES = ("persuadable", "sure thing", "lost cause", "sleeping dog")
# Of all pairs of member and offer, within two points.
STATED_SHARES = (0.30, 0.19, 0.41, 0.10)

# A message moves its member from the day after it came, and no longer than until EFFECT_DAYS days after: so any reading
# of "within 14 days" holds the whole effect. The chance of the extra shop falls by the day.
EFFECT_DAYS = 14
_PULL_BY_DAY = 0.85 ** np.arange(EFFECT_DAYS - 1)
TRIP_BY_DAY = np.concatenate([[0.0], np.cumsum(_PULL_BY_DAY) / _PULL_BY_DAY.sum()])
SHARE_OF_SHOPS_LOST = 0.6


def kinds(world: World, member: Ints, offer: Ints) -> NDArray[np.int8]:
    """Codes into `NAMES` for broadcast positions of members and offers."""
    weights = np.exp(np.stack(_leanings(world, member, offer), axis=-1))
    steps = np.cumsum(weights, axis=-1) / weights.sum(axis=-1, keepdims=True)
    drawn = world.fixed("response", member, offer)
    codes: NDArray[np.int8] = (drawn[..., None] > steps[..., :-1]).sum(axis=-1).astype(np.int8)
    return codes


def trip_chance(world: World, member: Ints, offer: Ints) -> Floats:
    """The chance that a persuadable who notices the offer makes the extra shop."""
    sensitivity = world.traits.sensitivity[member]
    drawn_in = 0.20 + 0.35 * sensitivity * world.offers.pull[offer] + 0.12 * interest(world, member, offer)
    return np.clip(drawn_in, 0.05, 0.80)


def item(world: World, member: Ints, offer: Ints) -> Ints:
    """The product that the offer would bring the member in for, from its department or else their favourite one."""
    favourite = world.traits.taste.argmax(axis=1)[member]
    department = np.where(world.offers.department[offer] < 0, favourite, world.offers.department[offer])
    return world.catalogue.pick(department, world.fixed("item", member, offer))


def interest(world: World, member: Ints, offer: Ints) -> Floats:
    """Logarithm of the member's taste for the offer's department over everybody's; 0 for the whole shop."""
    department = world.offers.department[offer]
    taste = world.traits.taste[member, department] / world.catalogue.department_share[department]
    return np.where(department < 0, 0.0, np.log(taste))


def _leanings(world: World, member: Ints, offer: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    traits = world.traits
    liking = interest(world, member, offer)
    thrift = (traits.sensitivity[member] - 0.5) * world.offers.pull[offer]
    habit = np.log(np.maximum(traits.rate[member], 0.002) / 0.0195)
    weary = traits.weariness[member] - 0.5
    shape = np.zeros_like(liking + thrift + habit + weary)
    return (
        shape - 0.45 + 1.1 * liking + 2.2 * thrift + 0.6 * world.offers.pull[offer] - 0.2 * habit,
        shape - 0.55 + 0.7 * liking + 0.9 * habit,
        shape + 0.2,
        shape - 1.7 + 4.0 * weary,
    )
