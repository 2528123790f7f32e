"""The app's inbox: the app fetches it (see `campaigns.api`), so recording the delivery is all there is to sending."""

from collections.abc import Iterable

from campaigns.channels.envelope import Envelope
from loyalty.models import Contact


def lacks(contact: Contact | None) -> str:
    """Nothing: every member has an inbox."""
    return ""


def send(envelopes: Iterable[Envelope]) -> None:
    """Nothing to hand over, so no message is even made."""
