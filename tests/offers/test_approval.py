import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from loyalty import roles
from loyalty.refusal import Refused
from offers import approval
from offers.models import Approval, Review, Terms
from tests.offers.conftest import AT

pytestmark = pytest.mark.django_db

TOO_LATE = AT + dt.timedelta(days=40)


def test_submitted_terms_wait(draft: Terms, mara: User) -> None:
    terms = approval.submit(draft, by=mara, at=AT)
    assert (terms.state, terms.submitted_at) == ("submitted", AT)


def test_everything_that_is_missing_is_named_in_one_sentence(make: Callable[..., Terms], mara: User) -> None:
    terms = make(value=Decimal(0), valid_until=dt.date(2025, 5, 4), texts={})
    with pytest.raises(Refused) as refusal:
        approval.submit(terms, by=mara, at=AT)
    assert str(refusal.value) == (
        "Terms 1 were not submitted, because the value of “Percent off” is zero, which gives nothing; "
        "its last day, 4 May 2025, is over; the subject of the e-mail is empty; the text of the e-mail is empty; "
        "the subject of the app message is empty; the text of the app message is empty."
    )


def test_refused_terms_stay_a_draft(make: Callable[..., Terms], mara: User) -> None:
    terms = make(channels=[])
    with pytest.raises(Refused, match="no channel is chosen"):
        approval.submit(terms, by=mara, at=AT)
    terms.refresh_from_db()
    assert terms.state == "draft"


def test_submitting_twice_is_refused(waiting: Terms, mara: User) -> None:
    with pytest.raises(Refused, match="Terms 1 are no longer a draft: they were submitted by Mara"):
        approval.submit(waiting, by=mara, at=AT)


def test_only_a_marketer_submits(draft: Terms, abel: User) -> None:
    with pytest.raises(PermissionDenied, match="Only a marketer"):
        approval.submit(draft, by=abel, at=AT)


def test_whoever_submits_terms_from_a_file_becomes_their_author(make: Callable[..., Terms], mara: User) -> None:
    assert approval.submit(make(by=None), by=mara, at=AT).author == mara


def test_approved_terms_can_go_out(approved: Terms) -> None:
    assert list(Terms.objects.approved()) == [approved]


def test_approval_names_the_terms_their_author_and_the_approver(waiting: Terms, mara: User, abel: User) -> None:
    given = approval.approve(waiting, by=abel, at=AT)
    assert (given.terms, given.author, given.approver, given.at) == (waiting, mara, abel, AT)


def test_approving_is_recorded_as_a_review(waiting: Terms, abel: User) -> None:
    approval.approve(waiting, by=abel, at=AT, comment="Good.")
    review = waiting.reviews.get()
    assert (review.outcome, review.reviewer, review.comment) == ("approved", abel, "Good.")


@pytest.mark.parametrize("person", ["milo", "ana", "otto", "noor"])
def test_nobody_but_an_approver_approves(waiting: Terms, person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied, match="Only an approver"):
        approval.approve(waiting, by=request.getfixturevalue(person), at=AT)


def test_nobody_approves_their_own_terms(waiting: Terms, mara: User) -> None:
    mara.groups.add(Group.objects.get_or_create(name=roles.APPROVER)[0])
    with pytest.raises(PermissionDenied, match="You wrote these terms"):
        approval.approve(waiting, by=User.objects.get(pk=mara.pk), at=AT)


def test_not_even_a_superuser_approves_their_own_terms(waiting: Terms, mara: User) -> None:
    mara.is_superuser = True
    with pytest.raises(PermissionDenied, match="You wrote these terms"):
        approval.approve(waiting, by=mara, at=AT)


def test_the_database_refuses_an_own_approval_too(waiting: Terms, mara: User) -> None:
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_terms"), transaction.atomic():
        Approval.objects.create(terms=waiting, author=mara, approver=mara, at=AT)


def test_the_database_refuses_an_approval_under_another_author(waiting: Terms, milo: User, mara: User) -> None:
    with pytest.raises(DatabaseError, match="not submitted by that author"), transaction.atomic():
        Approval.objects.create(terms=waiting, author=milo, approver=mara, at=AT)


def test_the_database_refuses_an_approval_of_a_draft(draft: Terms, mara: User, abel: User) -> None:
    with pytest.raises(DatabaseError, match="not submitted"), transaction.atomic():
        Approval.objects.create(terms=draft, author=mara, approver=abel, at=AT)


def test_superuser_approves_what_others_wrote(waiting: Terms, noor: User) -> None:
    noor.is_superuser = True
    assert approval.approve(waiting, by=noor, at=AT).approver == noor


def test_draft_is_not_approved(draft: Terms, abel: User) -> None:
    with pytest.raises(Refused, match="Terms 1 do not wait for approval: they are still a draft by Mara"):
        approval.approve(draft, by=abel, at=AT)


def test_second_approval_says_who_gave_the_first(approved: Terms, noor: User) -> None:
    noor.is_superuser = True
    with pytest.raises(Refused, match="Abel approved them"):
        approval.approve(approved, by=noor, at=AT)


def test_terms_whose_last_day_is_over_are_not_approved(waiting: Terms, abel: User) -> None:
    with pytest.raises(Refused, match="until 31 May 2025, which is over"):
        approval.approve(waiting, by=abel, at=TOO_LATE)


def test_terms_whose_last_day_is_over_are_returned(waiting: Terms, abel: User) -> None:
    assert approval.return_(waiting, by=abel, at=TOO_LATE, comment="Over.").outcome == "returned"


def test_returned_terms_keep_the_comment(waiting: Terms, abel: User) -> None:
    approval.return_(waiting, by=abel, at=AT, comment=" Too generous. ")
    assert waiting.reviews.get().comment == "Too generous."


def test_return_without_a_comment_is_refused(waiting: Terms, abel: User) -> None:
    with pytest.raises(Refused, match="Say what to mend"):
        approval.return_(waiting, by=abel, at=AT, comment=" ")


def test_only_an_approver_returns(waiting: Terms, milo: User) -> None:
    with pytest.raises(PermissionDenied, match="Only an approver"):
        approval.return_(waiting, by=milo, at=AT, comment="No.")


def test_approved_terms_are_not_returned(approved: Terms, abel: User) -> None:
    with pytest.raises(Refused, match="Abel approved them"):
        approval.return_(approved, by=abel, at=AT, comment="No.")


def test_returned_terms_are_not_approved(waiting: Terms, abel: User) -> None:
    approval.return_(waiting, by=abel, at=AT, comment="No.")
    with pytest.raises(Refused, match="Abel returned them"):
        approval.approve(waiting, by=abel, at=AT)


def test_reviews_are_never_rewritten(approved: Terms) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.update(comment="other")


def test_refused_approval_leaves_no_trace(waiting: Terms, mara: User) -> None:
    mara.is_superuser = True
    with pytest.raises(PermissionDenied):
        approval.approve(waiting, by=mara, at=AT)
    assert not Approval.objects.exists()
    assert not Review.objects.exists()
