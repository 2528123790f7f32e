"""Messages as they lie in the mailbox of files."""

from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from urllib.parse import urlsplit

from django.conf import settings

from campaigns.models import Delivery

UNSUBSCRIBE = "unsubscribe/"


@dataclass(frozen=True)
class Letter:
    """One e-mail as its member gets it; `preferences` is the path of their own page, as the message links to it."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    preferences: str


def of(delivery: Delivery) -> Letter | None:
    """The message of an e-mail delivery; None where it is not in this mailbox."""
    path = settings.MAILBOX / f"{delivery.run_id}-{delivery.member_id}-{delivery.rank}-{delivery.channel}.eml"
    if not path.exists():
        return None
    with path.open("rb") as file:
        mail = BytesParser(policy=policy.default).parse(file)
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    link = urlsplit(str(mail["List-Unsubscribe"] or "").strip(" <>").removesuffix(UNSUBSCRIBE))
    return Letter(
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        preferences=link.path,
    )
