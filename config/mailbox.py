"""A mailbox of files: one `.eml` per message, by its Message-ID, so that a repetition replaces and never doubles."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


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
            draft.write_bytes(message.as_bytes())
            draft.replace(self.directory / f"{name}.eml")
        return len(email_messages)
