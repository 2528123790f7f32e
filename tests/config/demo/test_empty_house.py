from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config.demo import passing, state, story
from loyalty.models import Member
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db


def test_made_up_members_do_not_mix_with_others(demo: Path) -> None:
    making.member()
    with pytest.raises(CommandError, match="--members 0"):
        story.build(members=50, report=lambda _: None)
    assert state.read() is None


def test_house_without_members_is_empty(demo: Path) -> None:
    story.build(members=0, report=lambda _: None)
    assert state.current().is_made
    assert not Member.objects.exists()


def test_nothing_passes_in_a_house_without_members(demo: Path) -> None:
    story.build(members=0, report=lambda _: None)
    with pytest.raises(Refused, match="no simulated members"):
        passing.ask(at=making.NOON)
