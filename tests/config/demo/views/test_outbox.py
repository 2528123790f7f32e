"""What was sent, shown without ever running any of it."""

import pytest

from campaigns import delivery
from campaigns.models import Delivery
from loyalty.models import Contact
from tests import making

pytestmark = pytest.mark.django_db

HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def sent(demo, mara, abel) -> list[Delivery]:
    """One e-mail and one app message to a member whose name and whose offer's name are hostile."""
    terms = making.approved_terms(author=mara, approver=abel, channels=("email", "app"), name=HOSTILE)
    run = making.run(making.campaign(channels=["email", "app"]), terms)
    member = making.member(ref="M000007", email="iris@example.com")
    Contact.objects.filter(member=member).update(first_name=HOSTILE)
    making.grant(member, "email", "app")
    making.decision(run, member, offer=run.offers.get())
    delivery.deliver(run, first=member.pk, last=member.pk, at=making.NOON)
    return list(run.deliveries.order_by("-channel"))


@pytest.fixture
def page(as_, noor):
    """Noor may read, so she may read this too."""
    return as_(noor)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_newest_messages_are_listed(page, sent) -> None:
    said = text_of(page.get("/demo/outbox/"))
    assert "iris@example.com" in said
    assert "App inbox" in said
    assert "<script>document" not in said


@pytest.mark.parametrize(("wanted", "found"), [("IRIS@ex", 1), ("m000007", 2), ("nobody@", 0), ("M00000", 0)])
def test_messages_are_found_by_address_or_member(page, sent, wanted: str, found: int) -> None:
    rows = text_of(page.get("/demo/outbox/", {"q": wanted}, headers={"HX-Request": "true"}))
    assert rows.count("<tr>") - ("<thead>" in rows) == found
    assert "<html" not in rows


def test_message_is_shown_framed_and_as_text_with_the_members_own_link(page, sent) -> None:
    email = sent[0]
    said = text_of(page.get(f"/demo/outbox/{email.pk}/"))
    assert f'<iframe class="letter" src="/demo/outbox/{email.pk}/letter/"' in said
    assert "sandbox></iframe>" in said
    assert "<script>document" not in said
    assert "&lt;script&gt;document" in said
    link = said.split('href="/preferences/')[1].split('"')[0]
    assert page.get(f"/preferences/{link}").status_code == 200


def test_letter_has_nothing_hostile_in_it(page, sent) -> None:
    said = text_of(page.get(f"/demo/outbox/{sent[0].pk}/letter/"))
    assert "<script" not in said
    assert "<img" not in said
    assert "&lt;script&gt;" in said


def test_letter_may_be_framed_by_us_alone_and_may_run_nothing(page, sent) -> None:
    headers = page.get(f"/demo/outbox/{sent[0].pk}/letter/").headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'self'"} <= set(policy)
    assert not [part for part in policy if part.startswith("script-src")]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_page_around_the_letter_may_not_be_framed(page, sent) -> None:
    headers = page.get(f"/demo/outbox/{sent[0].pk}/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_app_message_is_shown_as_the_app_gets_it(page, sent) -> None:
    said = text_of(page.get(f"/demo/outbox/{sent[1].pk}/"))
    assert "In the app" in said
    assert '<article class="preview app">' in said
    assert "<iframe" not in said


def test_message_that_left_by_another_server_is_not_made_up(page, sent, demo) -> None:
    for file in (demo / "mailbox").iterdir():
        file.unlink()
    assert "not in the mailbox" in text_of(page.get(f"/demo/outbox/{sent[0].pk}/"))
    assert page.get(f"/demo/outbox/{sent[0].pk}/letter/").status_code == 404


def test_refused_delivery_is_not_in_the_outbox(page, sent) -> None:
    refused = sent[0]
    Delivery.objects.filter(pk=refused.pk).update(state=Delivery.State.REFUSED)
    assert page.get(f"/demo/outbox/{refused.pk}/").status_code == 404
    assert page.get(f"/demo/outbox/{refused.pk}/letter/").status_code == 404


def test_nobody_reads_it_without_logging_in(client, sent) -> None:
    for path in ("", f"{sent[0].pk}/", f"{sent[0].pk}/letter/"):
        assert client.get(f"/demo/outbox/{path}").status_code == 302


def test_empty_outbox_says_what_fills_it(page, demo) -> None:
    assert "Launch a campaign" in text_of(page.get("/demo/outbox/"))
