import io

import pytest
from django.core.management.base import OutputWrapper

from config.demo.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_phase_ends_with_its_name_and_duration() -> None:
    out = io.StringIO()
    with Console(OutputWrapper(out)).phase("Tables"):
        pass
    assert out.getvalue().splitlines()[-1].split() == ["Tables", "0.0", "s"]


def test_progress_overwrites_itself_on_a_terminal() -> None:
    out = Terminal()
    console = Console(OutputWrapper(out))
    console.report("1 of 2")
    console.report("2 of 2")
    assert "\n" not in out.getvalue()
    assert out.getvalue().endswith("\r\x1b[K  2 of 2 …")


def test_progress_is_sparing_where_lines_stay() -> None:
    out = io.StringIO()
    console = Console(OutputWrapper(out))
    for done in range(100):
        console.report(f"{done} of 100")
    assert out.getvalue().splitlines() == ["  0 of 100 …"]


def test_failed_phase_claims_no_end() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="no"), Console(OutputWrapper(out)).phase("Tables"):
        raise ValueError("no")
    assert " s\n" not in out.getvalue()
