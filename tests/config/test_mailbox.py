import email
from email.message import EmailMessage as Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

from config.mailbox import MailboxBackend, written


@pytest.fixture
def mailbox(tmp_path: Path) -> MailboxBackend:
    return MailboxBackend(directory=tmp_path / "mail" / "box")


def mail(key: str | None = "7-42-email", *, body: str = "Until Sunday.") -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{key}@example.com>"} if key else {}
    message = EmailMultiAlternatives(
        "Kaffee für Zoë ☕", body, "shop@example.com", ["zoe@example.com"], headers=headers
    )
    message.attach_alternative("<p>Until Sunday.</p>", "text/html")
    return message


def read(path: Path) -> Message:
    return email.message_from_bytes(path.read_bytes(), policy=default)


def test_message_is_a_file_that_reads_as_it_was_written(mailbox: MailboxBackend) -> None:
    assert mailbox.send_messages([mail()]) == 1
    (file,) = mailbox.directory.iterdir()
    message = read(file)
    assert file.name == "7-42-email.eml"
    assert (message["Subject"], message["To"]) == ("Kaffee für Zoë ☕", "zoe@example.com")
    assert [part.get_content().strip() for part in message.iter_parts()] == ["Until Sunday.", "<p>Until Sunday.</p>"]


SUBJECTS = ["Coffee week", "Kaffee für Zoë ☕", "Twenty percent off everything " * 9, "x" * 300]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_message_reads_as_the_librarys_own_bytes_do(subject: str) -> None:
    headers = {"Message-ID": "<7@example.com>", "List-Unsubscribe": f"<https://example.com/{'x' * 200}/>"}
    message = EmailMultiAlternatives(subject, "Böhnchen", "shop@example.com", ["zoe@example.com"], headers=headers)
    message.attach_alternative("<p>Böhnchen</p>", "text/html")
    sent = message.message()
    ours, theirs = (email.message_from_bytes(made, policy=default) for made in (written(sent), sent.as_bytes()))
    # The library begins a line before a header that it cannot fold; its reader then finds a blank there.
    assert [(name, value.strip()) for name, value in theirs.items()] == ours.items()
    assert [part.get_content() for part in ours.iter_parts()] == [part.get_content() for part in theirs.iter_parts()]


def test_long_header_is_folded() -> None:
    folded = written(EmailMessage("Twenty percent off everything " * 9).message())
    assert max(len(line) for line in folded.split(b"\n")) < 80


def test_repetition_replaces(mailbox: MailboxBackend) -> None:
    mailbox.send_messages([mail(body="First")])
    mailbox.send_messages([mail(body="Second")])
    (file,) = mailbox.directory.iterdir()
    assert "Second" in file.read_text()


def test_messages_without_a_key_of_ours_are_all_kept(mailbox: MailboxBackend) -> None:
    mailbox.send_messages([mail(None) for _ in range(20)])
    assert len(list(mailbox.directory.glob("*.eml"))) == 20


@pytest.mark.parametrize("key", ["../../escape", "/etc/escape", "..", "a\\b", "a b", "x" * 60])
def test_key_names_a_file_inside_the_mailbox_and_nowhere_else(mailbox: MailboxBackend, key: str) -> None:
    mailbox.send_messages([mail(key)])
    beside = {path for path in mailbox.directory.parents[1].rglob("*") if path.is_file()}
    assert {path.parent for path in beside} == {mailbox.directory}


def test_killed_half_way_leaves_no_half_message(mailbox: MailboxBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.send_messages([mail(body="Whole")])

    def break_off(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:10])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", break_off)
    with pytest.raises(KeyboardInterrupt):
        mailbox.send_messages([mail(body="Broken")])
    (file,) = mailbox.directory.glob("*.eml")
    assert "Whole" in file.read_text()


def test_header_cannot_be_smuggled_in(mailbox: MailboxBackend) -> None:
    with pytest.raises(ValueError, match="newline"):
        mailbox.send_messages([EmailMessage("Hello\nBcc: all@example.com", "", None, ["zoe@example.com"])])


def test_settings_say_where_it_is(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.MAILBOX = "config.mailbox.MailboxBackend", tmp_path
    get_connection().send_messages([mail()])
    assert (tmp_path / "7-42-email.eml").exists()
