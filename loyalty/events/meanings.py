"""The kinds of event whose meaning we know: what each needs, what its value and text mean, and what it is kept for.

The list is open, as that of the events file is: a retailer's own kinds are taken too, with nothing needed.

An event tells how somebody behaves, and the reason for keeping it is to choose offers for them. Of a member who does
not allow that, only kinds are kept which have a reason of their own (`serves_member`): the reward for a completed offer
has to be accounted for, and the answer to a survey was given to us to be read.
"""

from dataclasses import dataclass

SECONDS, PIECES = "seconds", "pieces"
# The most that one event can say, in each unit: a day, and more than any shop delivers at once.
MOST = {SECONDS: 86_400, PIECES: 100_000}


@dataclass(frozen=True)
class EventKind:
    """`said` is what the member did, in words; `needs` the fields that have to be there; `unit` that of the value."""

    name: str
    said: str
    needs: tuple[str, ...] = ()
    unit: str = ""
    text_is: str = ""
    serves_member: bool = False


_ALL = (
    EventKind("view", "Looked at", needs=("product_ref",), unit=SECONDS),
    EventKind("visit", "Visited", unit=SECONDS, text_is="the page or place"),
    EventKind("search", "Searched for", needs=("text",), text_is="what was searched for"),
    EventKind("cart_add", "Put into the cart", needs=("product_ref",), unit=PIECES),
    EventKind("cart_remove", "Took out of the cart", needs=("product_ref",), unit=PIECES),
    EventKind("app_open", "Opened the app", unit=SECONDS),
    EventKind("open", "Opened a message"),
    EventKind("click", "Followed a link", text_is="where it leads"),
    EventKind("offer_seen", "Was shown an offer", needs=("offer_ref",)),
    EventKind("offer_viewed", "Looked at an offer", needs=("offer_ref",)),
    EventKind("offer_completed", "Completed an offer", needs=("offer_ref",), serves_member=True),
    EventKind("survey_answer", "Answered a survey", needs=("text",), text_is="the answer", serves_member=True),
)
KINDS = {kind.name: kind for kind in _ALL}


def of(name: str) -> EventKind:
    """The kind of that name; one of the retailer's own is said by its name."""
    return KINDS.get(name) or EventKind(name, name.replace("_", " ").capitalize())
