"""The embedded PostgreSQL: one cluster per data directory, on a Unix socket only."""

import subprocess
from signal import Signals

from config import processes
from config.embedded import binaries, cluster
from config.embedded.directories import account, private
from config.embedded.layout import Layout

NAME = "PostgreSQL"
STOP = Signals.SIGINT  # "fast": disconnects everybody and leaves a clean cluster
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
}
# For tests: what a crash would lose is worth nothing.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(layout: Layout, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server, making its cluster first if there is none."""
    private(layout.postgres_sockets, account())
    place = cluster.ready(layout)
    settings = SETTINGS | {"unix_socket_directories": str(layout.postgres_sockets)} | ({} if durable else NOT_DURABLE)
    command = binaries.command("postgres", "-D", place, *(f"--{name}={value}" for name, value in settings.items()))
    return processes.spawn(command, log=layout.log("postgres"), last_signal=STOP, account=account())


def is_ready(layout: Layout) -> bool:
    asked = binaries.command("pg_isready", "-q", "-t", "1", "-h", layout.postgres_sockets)
    return subprocess.run(asked, check=False, stdin=subprocess.DEVNULL).returncode == 0  # noqa: S603 - our own program
