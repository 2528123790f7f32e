"""The processes of a running Liftwell: a web server, a worker, and the clock that starts what is due."""

import os
import sys
from pathlib import Path
from signal import Signals

from config.demo.supervisor import Child

HOST = "127.0.0.1"
WEB_WORKERS, WEB_THREADS = 2, 4


def all_of_them(logs: Path, *, port: int) -> list[Child]:
    return [web(logs, port=port), worker(logs), beat(logs)]


def web(logs: Path, *, port: int) -> Child:
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": str(port),
        "--workers": str(WEB_WORKERS),
        "--blocking-threads": str(WEB_THREADS),
        "--workers-kill-timeout": "3",
    }
    flat = (word for option in options.items() for word in option)
    command = (sys.executable, "-m", "granian", *flat, "--no-ws", "--respawn-failed-workers", "config.wsgi:application")
    # Killed at once, the server would leave its own workers behind; told to end, it takes them along.
    return Child("web server", command, logs / "web.log", stop=Signals.SIGTERM, last_signal=Signals.SIGTERM)


def worker(logs: Path) -> Child:
    command = celery("worker", "--concurrency", str(os.cpu_count() or 2), "--without-gossip", "--without-mingle")
    # SIGQUIT gives running tasks the soft-shutdown time and hands them back; its pool dies with it (config.celery).
    return Child("worker", command, logs / "worker.log", stop=Signals.SIGQUIT, last_signal=Signals.SIGKILL)


def beat(logs: Path) -> Child:
    return Child("schedule", celery("beat"), logs / "beat.log", stop=Signals.SIGTERM, last_signal=Signals.SIGKILL)


def celery(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--app", "config", *arguments, "--loglevel", "INFO")
