"""Where the embedded servers of a data directory keep their files; nothing here is created on import."""

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

ROLE = DATABASE = "liftwell"


class EmbeddedError(Exception):
    """One sentence for the person at the terminal: what is wrong with the embedded servers and what to do."""


@dataclass(frozen=True)
class Urls:
    """Addresses of the two servers, as `DATABASE_URL` and `CELERY_BROKER_URL` are written."""

    database_url: str
    broker_url: str


@dataclass(frozen=True)
class Layout:
    """Every path the embedded servers use for one data directory (absolute)."""

    data: Path

    @cached_property
    def key(self) -> str:
        """A short name of the data directory, so that sockets stay under the 107 bytes the kernel allows."""
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    @property
    def postgres_sockets(self) -> Path:
        return Path("/tmp") / f"liftwell-{self.key}-postgres"  # noqa: S108 - made 0700, its owner checked

    @property
    def redis_sockets(self) -> Path:
        return Path("/tmp") / f"liftwell-{self.key}-redis"  # noqa: S108 - made 0700, its owner checked

    @property
    def redis_socket(self) -> Path:
        return self.redis_sockets / "redis.sock"

    @property
    def password_file(self) -> Path:
        return self.data / "postgres.pass"

    @property
    def users_lock(self) -> Path:
        return self.data / "servers.users.lock"

    @property
    def guardian_lock(self) -> Path:
        return self.data / "servers.guardian.lock"

    def log(self, name: str) -> Path:
        return self.data / "log" / f"{name}.log"

    def urls(self) -> Urls:
        """The addresses; libpq reads the password from its file, so the address holds no secret."""
        host, password_file = quote(str(self.postgres_sockets), safe=""), quote(str(self.password_file), safe="")
        return Urls(
            database_url=f"postgresql://{ROLE}@{host}/{DATABASE}?passfile={password_file}",
            broker_url=f"redis+socket://{self.redis_socket}",
        )


def at(data: Path) -> Layout:
    return Layout(data.expanduser().absolute())
