import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management.base import OutputWrapper

from config.demo import launch, state
from config.demo.console import Console
from config.demo.state import State


@pytest.mark.parametrize("is_made", [False, True])
def test_world_that_was_half_made_is_made_anew_and_no_other(known: State, is_made: bool) -> None:
    state.write(replace(known, is_made=is_made))
    said = io.StringIO()
    assert launch.was_broken_off(Console(OutputWrapper(said))) is not is_made
    assert ("made anew" in said.getvalue()) is not is_made


def test_nothing_was_broken_off_where_nothing_was_begun(demo: Path) -> None:
    assert not launch.was_broken_off(Console(OutputWrapper(io.StringIO())))
