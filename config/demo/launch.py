"""Starts the whole of Liftwell with its simulated retailer: servers, tables, world, processes."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from config import embedded
from config.celery import app
from config.demo import children, ground, logins, opening, state
from config.demo.console import Console
from config.demo.supervisor import Supervisor

READY_SECONDS = 120
STOP_SECONDS = 15.0
World = Callable[[int | None, Callable[[str], None]], None]


@dataclass(frozen=True)
class Options:
    """What the command line chose."""

    members: int | None
    port: int
    reset: bool = False

    @property
    def address(self) -> str:
        return f"http://{children.HOST}:{self.port}"


def launch(options: Options, console: Console, *, world: World = opening.build) -> None:
    """Start everything, say where it is, and run until told to end. Raises CommandError or EmbeddedError."""
    with ExitStack() as stack, until_told_to_end(console):
        stack.enter_context(ground.only_demo(settings.DATA, options.address))
        ground.require_free_port(children.HOST, options.port)
        if options.reset or was_broken_off(console):
            reset(console)
        stack.enter_context(opening.writing_ahead(options.members))
        with console.phase("Servers"):
            if settings.EMBEDDED:
                stack.enter_context(embedded.start(settings.DATA, report=console.report))
        with console.phase("Tables"):
            call_command("migrate", interactive=False, verbosity=0)
        supervisor = stack.enter_context(supervised(options, console))
        with console.phase("Demo world"):
            logins.make()
            world(options.members, console.report)
        connections.close_all()
        with console.phase("Web server and workers"):
            wait_until_ready(supervisor, options)
        announce(options, console)
        supervisor.watch()


def was_broken_off(console: Console) -> bool:
    known = state.read()
    half_made = known is not None and not known.is_made
    if half_made:
        console.say("The last start ended before its world was finished, so it is made anew.")
    return half_made


def reset(console: Console) -> None:
    if not settings.EMBEDDED:
        raise CommandError(
            "--reset deletes the embedded database only. Yours is on a server of its own: empty it there."
        )
    ground.reset(settings.DATA, report=console.say)


@contextmanager
def until_told_to_end(console: Console) -> Iterator[None]:
    """Leave the block in good order on ctrl-C, SIGTERM or a closed terminal; a second request changes nothing."""
    requests = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # which is what nohup asks for
        requests.append(signal.SIGHUP)

    def end(_number: int, _frame: FrameType | None) -> None:
        for request in requests:
            signal.signal(request, signal.SIG_IGN)
        console.say("Stopping.")
        raise KeyboardInterrupt

    for request in requests:
        signal.signal(request, end)
    try:
        yield
    except KeyboardInterrupt:
        console.say("Stopped. The demo's data is kept; `make demo` starts it again.")


@contextmanager
def supervised(options: Options, console: Console) -> Iterator[Supervisor]:
    """The processes, starting: the worker helps with the world as soon as it can."""
    fixed = {"LIFTWELL_DEMO": "1", "LIFTWELL_DATA": str(settings.DATA), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    env = {"PUBLIC_URL": options.address} | os.environ | fixed
    settings.PUBLIC_URL = env["PUBLIC_URL"]  # the world's own messages link to it too
    supervisor = Supervisor(env=env, cwd=settings.BASE, report=console.say)
    try:
        for child in children.all_of_them(settings.DATA / "log", port=options.port):
            supervisor.start(child)
        yield supervisor
    finally:
        # A worker that is still starting loses the request to end, and has nothing to finish.
        supervisor.stop(patience_seconds=STOP_SECONDS if supervisor.is_ready else 0.0)


def wait_until_ready(supervisor: Supervisor, options: Options) -> None:
    wait_for(lambda: web_answers(options.port), supervisor)
    wait_for(lambda: bool(app.control.ping(timeout=0.5, limit=1)), supervisor)
    supervisor.is_ready = True


def wait_for(is_so: Callable[[], bool], supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_so():
        supervisor.require_all()
        if time.monotonic() > deadline:
            raise CommandError(f"The processes do not answer after {READY_SECONDS} s: see {settings.DATA / 'log'}.")
        time.sleep(0.1)


def web_answers(port: int) -> bool:
    connection = HTTPConnection(children.HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def announce(options: Options, console: Console) -> None:
    console.say(f"\nLiftwell is at {options.address} (ctrl-C ends it; logs are in {settings.DATA / 'log'})\n")
    console.say(f"  log in as   password {logins.PASSWORD!r} for all")
    for login in logins.LOGINS:
        console.say(f"  {login.username:<10}  {login.role}, {login.work}")
