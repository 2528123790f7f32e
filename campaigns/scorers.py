"""The scorers we have, which one is in use for each purpose, and how that changes."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from campaigns.models import Ruling, Scorer
from campaigns.scoring import opening
from campaigns.scoring.outlook import Outlook
from campaigns.scoring.scores import Scorer as Fitted
from loyalty.refusal import Refused

Purpose, State = Scorer.Purpose, Scorer.State


class Learned(Protocol):
    """What was fitted: its parameters, in a sentence what it was learned from, and from how many decisions."""

    @property
    def basis(self) -> str: ...

    @property
    def learned_from(self) -> int: ...

    def to_json(self) -> dict[str, Any]: ...


NO_REASON = "Say why the earlier scorer is to decide again: whoever asks later will want to know."


def opened(scorer: Scorer) -> Fitted:
    """The fitted object behind the record."""
    return _opened(scorer.pk)


@lru_cache(maxsize=4)
def _opened(pk: int) -> Fitted:
    scorer = Scorer.objects.get(pk=pk)
    return opening.opened(scorer.kind, scorer.parameters)


def outlook(scorer: Scorer) -> Outlook:
    """The fitted outlook on members behind the record."""
    return _outlook(scorer.pk)


@lru_cache(maxsize=4)
def _outlook(pk: int) -> Outlook:
    return Outlook.from_json(Scorer.objects.get(pk=pk).parameters)


def enter(fitted: Learned, *, purpose: str, kind: str, card: Mapping[str, Any], code: str, at: dt.datetime) -> Scorer:
    """Record what was fitted, as a challenger: it decides nothing until it is put in use."""
    return Scorer.objects.create(
        purpose=purpose,
        kind=kind,
        state=State.CHALLENGER,
        parameters=fitted.to_json(),
        basis=fitted.basis,
        learned_from=fitted.learned_from,
        card=card,
        code=code,
        trained_at=at,
    )


def describe(challenger: Scorer, card: Mapping[str, Any]) -> None:
    """Write on its card how good it turned out to be."""
    challenger.card = card
    challenger.save(update_fields=["card"])


def promote(challenger: Scorer, *, over: Scorer | None, why: str, at: dt.datetime) -> bool:
    """Put a challenger in use instead of the scorer it was judged better than, None where none was in use.

    False, and nothing changes, when another scorer came into use meanwhile: judge it against that one.
    """
    try:
        with transaction.atomic():
            if _held(challenger.purpose) != over:
                return False
            _replace(over, challenger, why=why, at=at, by=None)
    except IntegrityError:  # the place was empty for two at once, and the other was faster
        return False
    return True


def reject(challenger: Scorer, *, why: str, at: dt.datetime) -> None:
    """Never put this one in use, and say why."""
    _become(challenger, State.REJECTED, why=why, at=at)


def stay(champion: Scorer, *, why: str, at: dt.datetime) -> None:
    """Note why the scorer in use goes on deciding though another was trained."""
    with transaction.atomic():
        if _held(champion.purpose) == champion:
            _become(champion, State.CHAMPION, why=why, at=at)


def put_back(earlier: Scorer, *, by: User, at: dt.datetime, why: str) -> None:
    """Let an earlier scorer decide again; Refused without a reason, and for one that was never in use."""
    if not why.strip():
        raise Refused(NO_REASON)
    with transaction.atomic():
        champion = _held(earlier.purpose)
        earlier = Scorer.objects.select_for_update().get(pk=earlier.pk)
        if earlier.state != State.RETIRED:
            raise Refused(f"Scorer {earlier.pk} {_not_to_be_put_back(earlier)}")
        _replace(champion, earlier, why=why.strip(), at=at, by=by)


def _held(purpose: str) -> Scorer | None:
    """The scorer in use, which nobody else takes out of use until the transaction is over."""
    return Scorer.objects.select_for_update().filter(purpose=purpose, state=State.CHAMPION).first()


def _replace(champion: Scorer | None, successor: Scorer, *, why: str, at: dt.datetime, by: User | None) -> None:
    if champion:
        _become(champion, State.RETIRED, why=f"Scorer {successor.pk} is in use instead. {why}", at=at, by=by)
    _become(successor, State.CHAMPION, why=why, at=at, by=by)


def _become(scorer: Scorer, state: str, *, why: str, at: dt.datetime, by: User | None = None) -> None:
    with transaction.atomic():
        scorer.state, scorer.verdict = state, why
        scorer.save(update_fields=["state", "verdict"])
        Ruling.objects.create(scorer=scorer, state=state, why=why, by=by, at=at)


def _not_to_be_put_back(scorer: Scorer) -> str:
    if scorer.state == State.CHAMPION:
        return "is in use already."
    return "was never in use: only one that decided before can be put back. Train anew, and it is judged again."
