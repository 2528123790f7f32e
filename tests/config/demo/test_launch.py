"""The demo as somebody at a terminal has it: real servers, web server and workers; its world is left out."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import OutputWrapper

from config.demo import launch
from config.demo.console import Console
from tests import folders
from tests.proc import children, descendants, eventually, is_alive, marked, words

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("demo")]

DEMO = """
import sys, django
django.setup()
from django.core.management.base import OutputWrapper
from config.demo.console import Console
from config.demo.launch import Options, launch
options = Options(members=0, port=int(sys.argv[1]))
launch(options, Console(OutputWrapper(sys.stdout)), world=lambda members, report: None)
"""


class Demo:
    """A demo in a process of its own, up when made."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        without = {"DATABASE_URL", "CELERY_BROKER_URL", "PUBLIC_URL", "PYTHONDONTWRITEBYTECODE"}
        env = {name: value for name, value in os.environ.items() if name not in without}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DEMO, str(self.port)],
            cwd=settings.BASE,
            env=env | {"LIFTWELL_DATA": str(data), "LIFTWELL_DEMO": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = ""
        while "Liftwell is at" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"the demo did not start: {self.said}"
            self.said += line

    def all_processes(self) -> set[int]:
        return {self.process.pid} | descendants(self.process.pid)

    def worker(self) -> int | None:
        return next((pid for pid in children(self.process.pid) if "worker" in words(pid)), None)

    def end(self, request: signal.Signals) -> str:
        self.process.send_signal(request)
        said, _ = self.process.communicate(timeout=60)
        return self.said + said


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with folders.open_to_all() as folder:
        yield folder


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    one = Demo(data)
    yield one
    one.process.kill()
    one.process.communicate()
    assert eventually(lambda: marked(str(data)) == set())


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """The signals' handlers as they were; meanwhile a closed terminal counts, also where nohup started the tests."""
    before = {request: signal.getsignal(request) for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for request, handler in before.items():
        signal.signal(request, handler)


def test_killed_demo_leaves_no_process(demo: Demo) -> None:
    running = demo.all_processes()
    assert len(running) > 15
    demo.end(signal.SIGKILL)
    assert eventually(lambda: not any(map(is_alive, running)), seconds=15)
    assert eventually(lambda: marked(str(demo.data)) == set(), seconds=5)


def test_interrupted_demo_ends_in_good_order(demo: Demo) -> None:
    running = demo.all_processes()
    said = demo.end(signal.SIGINT)
    assert "The demo's data is kept" in said
    assert demo.process.returncode == 0
    assert [pid for pid in running if is_alive(pid)] == []


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_request_to_end_unwinds_the_demo(request_to_end: signal.Signals) -> None:
    tidied = []
    with launch.until_told_to_end(Console(OutputWrapper(io.StringIO()))):
        try:
            os.kill(os.getpid(), request_to_end)
            pytest.fail("went on")
        finally:
            tidied.append("servers")
    assert tidied == ["servers"]


def test_running_demo_serves_pages_and_replaces_a_killed_worker(demo: Demo) -> None:
    connection = HTTPConnection("127.0.0.1", demo.port, timeout=10)
    connection.request("GET", "/readyz")
    assert connection.getresponse().status == 200
    connection.close()
    killed = demo.worker()
    assert killed
    pool = descendants(killed)
    assert pool
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not any(map(is_alive, pool)), seconds=5)
    assert eventually(lambda: demo.worker() not in {None, killed}, seconds=30)
