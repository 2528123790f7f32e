"""What the page offers to choose from in conditions, as it reads in a sentence."""

import weakref
from collections.abc import Iterable
from dataclasses import dataclass

from loyalty.events import meanings
from loyalty.profiling.counted import on_channel
from loyalty.profiling.history import names
from loyalty.profiling.table import Feature, Profiles
from loyalty.segmentation.themes import by_theme
from loyalty.segmentation.words import KINDS

Choice = tuple[str, str]

GOODS = {
    "category": "from the category",
    "brand": "of the brand",
    "product": "the product",
    "anything": "anything",
}
ANYWHERE = ("", "on any channel")
# Where the timeline goes on with a name, a sentence needs its own end.
SAID = {
    "view": "Looked at a product",
    "visit": "Visited a page or place",
    "search": "Searched for something",
    "cart_add": "Put a product into the cart",
    "cart_remove": "Took a product out of the cart",
}


@dataclass(frozen=True, eq=False)
class Choices:
    """Each a list of values with their words; without purchases or events there is nothing to choose of them."""

    themes: list[tuple[str, list[Feature]]]
    goods: list[Choice]
    channels: list[Choice]
    has_stores: bool
    events: list[Choice]
    event_channels: list[Choice]


_known: "weakref.WeakKeyDictionary[Profiles, Choices]" = weakref.WeakKeyDictionary()


def of(members: Profiles) -> Choices:
    """What these profiles let one choose from, put together once."""
    if members not in _known:
        _known[members] = _gathered(members)
    return _known[members]


def _gathered(members: Profiles) -> Choices:
    known = members.vocabularies
    events = [(kind, SAID.get(kind) or meanings.of(kind).said) for kind in known.get(names.EVENT, ())]
    return Choices(
        themes=by_theme(members.features),
        goods=_goods(members) if names.CATEGORY in known else [],
        channels=_channels(known.get(names.CHANNEL, ())),
        has_stores=bool(known.get(names.STORE)),
        events=sorted(events, key=lambda choice: choice[1]),
        event_channels=_channels(known.get(names.EVENT_CHANNEL, ())),
    )


def _goods(members: Profiles) -> list[Choice]:
    """What goods can be told by: a retailer may know no brands."""
    return [choice for choice in GOODS.items() if choice[0] not in KINDS or members.vocabularies.get(KINDS[choice[0]])]


def _channels(known: Iterable[str]) -> list[Choice]:
    return [ANYWHERE, *((channel, on_channel(channel).strip()) for channel in known)]
