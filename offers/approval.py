"""Terms on their way to members: submitted by a marketer, then approved or returned by someone else."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from loyalty import roles
from loyalty.refusal import Refused
from offers import checks, in_words
from offers.models import Approval, Review, Terms

State = Terms.State


def submit(terms: Terms, *, by: User, at: dt.datetime) -> Terms:
    """Freeze a draft and put it before the approvers; Refused, naming all that is missing, while it is incomplete.

    Terms that came from a file have no author: whoever submits them answers for them, and so cannot approve them.
    """
    with transaction.atomic():
        terms = _locked(terms)
        _refuse_unless(roles.is_marketer(by), "Only a marketer submits terms. Ask one.")
        if terms.state != State.DRAFT:
            raise Refused(f"Terms {terms.number} are no longer a draft: {_standing(terms)}.")
        _refuse_incomplete(terms, at)
        terms.state, terms.submitted_at, terms.author = State.SUBMITTED, at, terms.author or by
        terms.save(update_fields=["state", "submitted_at", "author"])
    return terms


def approve(terms: Terms, *, by: User, at: dt.datetime, comment: str = "") -> Approval:
    """Let submitted terms go out, exactly as they were frozen.

    PermissionDenied to anyone but an approver, and to their author whatever the author may do; Refused unless they
    wait for approval and could still be used.
    """
    with transaction.atomic():
        terms = _locked(terms)
        _refuse_reviewer(by)
        _refuse_unless(by.pk != terms.author_id, "You wrote these terms, so someone else has to approve them. Ask one.")
        _refuse_decided(terms)
        _refuse_over(terms, at)
        approval = Approval.objects.create(terms=terms, author=terms.author, approver=by, at=at)
        _decide(terms, Review.Outcome.APPROVED, by=by, comment=comment, at=at)
    return approval


def return_(terms: Terms, *, by: User, at: dt.datetime, comment: str) -> Review:
    """Send submitted terms back with what to mend; Refused without a comment, or unless they wait for approval."""
    with transaction.atomic():
        terms = _locked(terms)
        _refuse_reviewer(by)
        _refuse_decided(terms)
        if not comment.strip():
            raise Refused("Say what to mend: write a comment, then return the terms.")
        return _decide(terms, Review.Outcome.RETURNED, by=by, comment=comment.strip(), at=at)


def _locked(terms: Terms) -> Terms:
    rows = Terms.objects.select_for_update(of=("self",)).select_related("offer", "author", "product")
    return rows.get(pk=terms.pk)


def _refuse_unless(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise PermissionDenied(sentence)


def _refuse_reviewer(by: User) -> None:
    _refuse_unless(roles.is_approver(by), "Only an approver approves or returns terms. Ask one.")


def _refuse_incomplete(terms: Terms, at: dt.datetime) -> None:
    problems = checks.problems(terms, list(terms.contents.all()), on=timezone.localdate(at))
    if problems:
        raise Refused(f"Terms {terms.number} were not submitted, because {'; '.join(problems)}.")


def _refuse_decided(terms: Terms) -> None:
    if terms.state != State.SUBMITTED:
        raise Refused(f"Terms {terms.number} do not wait for approval: {_standing(terms)}.")


def _refuse_over(terms: Terms, at: dt.datetime) -> None:
    if terms.valid_until and terms.valid_until < timezone.localdate(at):
        raise Refused(
            f"Terms {terms.number} could be used until {in_words.valid_until(terms)}, which is over: return them."
        )


def _decide(terms: Terms, outcome: Review.Outcome, *, by: User, comment: str, at: dt.datetime) -> Review:
    terms.state = State.APPROVED if outcome == Review.Outcome.APPROVED else State.RETURNED
    terms.save(update_fields=["state"])
    return Review.objects.create(terms=terms, reviewer=by, outcome=outcome, comment=comment, at=at)


def _standing(terms: Terms) -> str:
    """Where the terms are now and who brought them there."""
    review = terms.reviews.select_related("reviewer").first()
    if terms.state == State.DRAFT:
        return f"they are still a draft by {in_words.person(terms.author)}"
    if review is None:
        return f"they were submitted by {in_words.person(terms.author)}"
    return f"{in_words.person(review.reviewer)} {review.get_outcome_display().lower()} them"
