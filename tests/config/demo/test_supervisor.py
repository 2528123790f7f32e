import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import Signals

import pytest
from django.core.management.base import CommandError

from config.demo import supervisor as module
from config.demo.supervisor import Child, Supervisor
from tests.proc import eventually, is_alive

SLEEP = ("sleep", "60")
DEAF = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, told: list[str]) -> Iterator[Supervisor]:
    one = Supervisor(env=dict(os.environ), cwd=tmp_path, report=told.append)
    yield one
    one.stop(patience_seconds=0)


def child(tmp_path: Path, *command: str) -> Child:
    return Child(
        "sleeper", command, tmp_path / "log" / "sleeper.log", stop=Signals.SIGTERM, last_signal=Signals.SIGKILL
    )


def pid_of(supervisor: Supervisor) -> int:
    return supervisor.running[0].process.pid


def test_stop_ends_every_child(supervisor: Supervisor, tmp_path: Path) -> None:
    for _ in range(3):
        supervisor.start(child(tmp_path, *SLEEP))
    pids = [one.process.pid for one in supervisor.running]
    supervisor.stop(patience_seconds=5)
    assert not any(map(is_alive, pids))


def test_stop_kills_a_child_that_does_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(child(tmp_path, *DEAF))
    assert eventually(lambda: (tmp_path / "log" / "sleeper.log").read_text() == "up\n")
    pid = pid_of(supervisor)
    supervisor.stop(patience_seconds=0.2)
    assert not is_alive(pid)


def test_child_that_keeps_dying_is_told_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path, told: list[str]
) -> None:
    supervisor.start(child(tmp_path, "sh", "-c", "echo no such port; exit 3"))
    with pytest.raises(CommandError, match=r"sleeper does not stay up(.|\n)*no such port"):
        supervisor.watch()
    assert len(told) == module.MANY_DEATHS - 1


def test_child_that_ends_before_all_is_up_is_not_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(child(tmp_path, "sh", "-c", "exit 3"))
    assert eventually(lambda: not is_alive(pid_of(supervisor)))
    with pytest.raises(CommandError, match="sleeper does not stay up"):
        supervisor.require_all()


def test_child_that_dies_is_started_again(
    supervisor: Supervisor, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.start(child(tmp_path, *SLEEP))
    first = pid_of(supervisor)
    os.kill(first, signal.SIGKILL)
    monkeypatch.setattr(time, "sleep", interrupt_when(lambda: pid_of(supervisor) != first))
    with pytest.raises(KeyboardInterrupt):
        supervisor.watch()
    assert is_alive(pid_of(supervisor))
    assert told == [f"The sleeper ended and is started again; see {tmp_path / 'log' / 'sleeper.log'}."]


def interrupt_when(is_so: Callable[[], bool]) -> Callable[[float], None]:
    """A sleep that ends the watch, as ctrl-C does, once `is_so`."""

    def sleep(_seconds: float) -> None:
        if is_so():
            raise KeyboardInterrupt

    return sleep
