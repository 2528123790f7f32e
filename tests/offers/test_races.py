"""What goes out is what was approved, whoever else is writing at that moment."""

import importlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import TypeVar

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from loyalty.refusal import Refused
from offers import approval, catalog
from offers.catalog import Text
from offers.models import Approval, Content, Terms
from tests.offers.conftest import AT, TEXTS

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
NEW = {"email": Text("New", "New"), "app": Text("New", "New")}
Answer = TypeVar("Answer")


@pytest.fixture
def elsewhere() -> Callable[[Callable[[], Answer]], "Future[Answer]"]:
    """Do it now in another session of the database."""
    pool = ThreadPoolExecutor(4)

    def submit(work: Callable[[], Answer]) -> "Future[Answer]":
        def in_own_session() -> Answer:
            try:
                return work()
            finally:
                connection.close()

        return pool.submit(in_own_session)

    yield submit
    pool.shutdown()


@pytest.fixture
def without_the_wait() -> None:
    migration = importlib.import_module("offers.migrations.0003_content_waits_for_submission")
    with connection.cursor() as cursor:
        cursor.execute(migration.LOOK)
    yield
    with connection.cursor() as cursor:
        cursor.execute(migration.WAIT)


def _slip_in_while_submitting(draft: Terms, mara: User, elsewhere: Callable) -> "Future[Content]":
    """Write a text past the verbs while the submission of its terms is not yet committed."""
    draft.contents.filter(channel="app").delete()
    catalog.edit(draft, by=mara, channels=["email"])
    with transaction.atomic():
        approval.submit(draft, by=mara, at=AT)
        late = elsewhere(lambda: Content.objects.create(terms=draft, channel="app", subject="Late", body="Late"))
        with pytest.raises(TimeoutError):
            late.result(timeout=0.3)  # it waits for us
    return late


def test_text_written_during_the_submission_is_refused(draft: Terms, mara: User, elsewhere: Callable) -> None:
    with pytest.raises(DatabaseError, match="frozen"):
        _slip_in_while_submitting(draft, mara, elsewhere).result()


def test_without_the_wait_it_would_slip_in(
    draft: Terms, mara: User, elsewhere: Callable, without_the_wait: None
) -> None:
    assert _slip_in_while_submitting(draft, mara, elsewhere).result().terms == draft


def test_edit_racing_submission_is_either_in_what_is_submitted_or_refused(
    make: Callable[..., Terms], mara: User, elsewhere: Callable
) -> None:
    for number in range(ROUNDS):
        terms, start = make(f"R{number}"), Barrier(2)

        def edit(terms: Terms = terms, start: Barrier = start) -> bool:
            start.wait()
            with suppress(Refused):
                catalog.edit(terms, by=mara, texts=NEW)
                return True
            return False

        def submit(terms: Terms = terms, start: Barrier = start) -> None:
            start.wait()
            approval.submit(terms, by=mara, at=AT)

        edited, submitted = elsewhere(edit), elsewhere(submit)
        submitted.result()
        texts = {content.channel: Text(content.subject, content.body) for content in terms.contents.all()}
        assert texts == (NEW if edited.result() else TEXTS)


def test_two_approvers_at_once_give_one_approval(
    make: Callable[..., Terms], mara: User, abel: User, noor: User, elsewhere: Callable
) -> None:
    noor.is_superuser = True
    for number in range(ROUNDS):
        terms, start = approval.submit(make(f"A{number}"), by=mara, at=AT), Barrier(2)

        def approve(by: User, terms: Terms = terms, start: Barrier = start) -> bool:
            start.wait()
            with suppress(Refused):
                approval.approve(terms, by=by, at=AT)
                return True
            return False

        answers = [elsewhere(lambda by=by, approve=approve: approve(by)) for by in (abel, noor)]
        assert sorted(answer.result() for answer in answers) == [False, True]
        assert Approval.objects.filter(terms=terms).count() == 1


def test_two_revisions_at_once_make_one_draft(approved: Terms, mara: User, milo: User, elsewhere: Callable) -> None:
    start = Barrier(2)

    def revise(by: User) -> bool:
        start.wait()
        with suppress(Refused):
            catalog.revise(approved.offer, by=by, at=AT)
            return True
        return False

    answers = [elsewhere(lambda by=by: revise(by)) for by in (mara, milo)]
    assert sorted(answer.result() for answer in answers) == [False, True]
