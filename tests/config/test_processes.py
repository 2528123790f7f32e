import os
import signal
import subprocess
import sys
from pathlib import Path
from signal import Signals

import pytest

from config import processes
from tests.proc import eventually, is_alive

# Starts a child that sleeps, says its pid and waits to be killed.
PARENT = """
import subprocess, sys, time
from pathlib import Path
from signal import Signals
from config import processes
tied = sys.argv[2] == "tied"
log, command = Path(sys.argv[1]), ["sleep", "60"]
child = processes.spawn(command, log=log, last_signal=Signals.SIGKILL) if tied else subprocess.Popen(command)
print(child.pid, flush=True)
time.sleep(60)
"""


def child_of_a_killed_parent(log: Path, kind: str) -> int:
    with subprocess.Popen([sys.executable, "-c", PARENT, log, kind], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    return child


def test_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    child = child_of_a_killed_parent(tmp_path / "log", "tied")
    assert eventually(lambda: not is_alive(child), seconds=5)


def test_control_an_untied_child_outlives_its_parent(tmp_path: Path) -> None:
    child = child_of_a_killed_parent(tmp_path / "log", "untied")
    assert not eventually(lambda: not is_alive(child), seconds=0.5)
    os.kill(child, signal.SIGKILL)


def test_stop_kills_what_does_not_listen(tmp_path: Path) -> None:
    deaf = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]
    process = processes.spawn(deaf, log=tmp_path / "log", last_signal=Signals.SIGKILL)
    assert eventually(lambda: "ready" in processes.last_lines(tmp_path / "log"))
    processes.stop(process, Signals.SIGTERM, patience_seconds=0.3)
    assert process.returncode == -signal.SIGKILL


def test_stop_ends_the_whole_group(tmp_path: Path) -> None:
    family = ["sh", "-c", "sleep 60 & echo $!; wait"]
    process = processes.spawn(family, log=tmp_path / "log", last_signal=Signals.SIGKILL)
    assert eventually(lambda: processes.last_lines(tmp_path / "log") != "")
    grandchild = int(processes.last_lines(tmp_path / "log"))
    processes.stop(process, Signals.SIGTERM, patience_seconds=5)
    assert eventually(lambda: not is_alive(grandchild), seconds=5)


def test_last_lines_are_the_last_ones(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("one\ntwo\nthree\n")
    assert processes.last_lines(log, count=2) == "two\nthree"


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_child_of_another_user_dies_with_a_killed_parent(tmp_path: Path) -> None:
    script = PARENT.replace(
        "last_signal=Signals.SIGKILL)", "last_signal=Signals.SIGKILL, account=pwd.getpwnam('nobody'))"
    )
    command = [sys.executable, "-c", f"import pwd{script}", tmp_path / "log", "tied"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        owner = Path(f"/proc/{child}").stat().st_uid
        parent.kill()
    assert owner != 0
    assert eventually(lambda: not is_alive(child), seconds=5)
