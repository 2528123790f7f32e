from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config.demo import opening, passing, state
from loyalty.models import Member
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db


def test_made_up_members_do_not_mix_with_others(demo: Path) -> None:
    making.member()
    with pytest.raises(CommandError, match="--members 0"):
        opening.build(50, lambda _: None)
    assert state.read() is None


def test_house_without_members_is_empty(demo: Path) -> None:
    opening.build(0, lambda _: None)
    assert state.current().is_made
    assert not Member.objects.exists()


def test_empty_house_stays_empty_and_takes_members_of_ones_own(demo: Path) -> None:
    opening.build(0, lambda _: None)
    making.member()
    opening.build(None, lambda _: None)
    assert Member.objects.count() == 1


def test_nothing_passes_in_a_house_without_members(demo: Path) -> None:
    opening.build(0, lambda _: None)
    with pytest.raises(Refused, match="no simulated members"):
        passing.ask(at=making.NOON)
