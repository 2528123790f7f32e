"""E-mail, through Django's mail backend: a mailbox of files unless a server is configured."""

from collections.abc import Iterable
from email.utils import parseaddr

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from campaigns.channels.envelope import Envelope
from loyalty.models import Contact

_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def lacks(contact: Contact | None) -> str:
    """Why this contact cannot be reached by e-mail; empty when it can."""
    if contact is None or not contact.email:
        return "no e-mail address is known"
    if "@" not in parseaddr(contact.email)[1]:
        return "the e-mail address is not one"
    return ""


def send(envelopes: Iterable[Envelope]) -> None:
    """Hand over all messages on one connection; raises what the mail server raises."""
    get_connection().send_messages([_mail(envelope) for envelope in envelopes])


def _mail(envelope: Envelope) -> EmailMultiAlternatives:
    said = {
        "message": envelope.message,
        "preferences_url": envelope.preferences_url,
        "because": envelope.because,
        "retailer": settings.RETAILER_NAME,
    }
    mail = EmailMultiAlternatives(
        subject=envelope.message.subject,
        body=render_to_string("campaigns/message.txt", said),
        to=[envelope.contact.email],
        headers={
            "Message-ID": f"<{envelope.key}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition('@')[2]}>",
            "List-Unsubscribe": f"<{envelope.preferences_url}unsubscribe/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(_inliner.inline(render_to_string("campaigns/message.html", said)), "text/html")
    return mail
