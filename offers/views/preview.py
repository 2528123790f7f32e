"""How one member would read an offer: shared by the editor and the review queue."""

from dataclasses import dataclass

from django.http import HttpRequest

from loyalty.models import Contact
from loyalty.models.consent import Channel
from offers import message
from offers.message import Message
from offers.models import Content, Terms

SAMPLES = 5


@dataclass(frozen=True)
class Reader:
    """The member for whom a preview is made; without a first name it is anyone whose name we do not know."""

    ref: str = ""
    first_name: str = ""
    is_unknown: bool = False


def samples() -> list[Reader]:
    """A few members to try a text on."""
    contacts = Contact.objects.exclude(first_name="").order_by("pk").select_related("member")[:SAMPLES]
    return [Reader(contact.member.ref, contact.first_name) for contact in contacts]


def reader(request: HttpRequest, tried: list[Reader]) -> Reader:
    """The member asked for, else the first sample; an empty reference asks for somebody without a first name."""
    asked = request.POST if request.method == "POST" else request.GET
    if "member" not in asked:
        return tried[0] if tried else Reader()
    ref = asked["member"].strip()
    contact = Contact.objects.filter(member__ref=ref).first()
    return Reader(ref, contact.first_name) if contact else Reader(ref, is_unknown=bool(ref))


def messages_for(reader: Reader, terms: Terms, contents: list[Content]) -> list[tuple[Channel, Message]]:
    """What each of the terms' channels would say to the reader, in the order of the channels."""
    written = {content.channel: content for content in contents}
    return [
        (channel, message.compose(written.get(channel) or Content(), terms, first_name=reader.first_name))
        for channel in Channel
        if channel in terms.channels
    ]
