from dataclasses import dataclass

from loyalty.models import Contact
from offers.message import Message


@dataclass(frozen=True)
class Envelope:
    """A message on its way. `key` is the same however often it is tried, so that a receiver can tell a repetition.

    `because` is a sentence that says why this member gets it, where they told us something that counted.
    """

    key: str
    contact: Contact
    message: Message
    preferences_url: str
    because: str = ""
