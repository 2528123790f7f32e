"""How long a page takes to open: in a new process, as a web server starts it, and again and again.

Nothing of the application is imported before the process that measures is there.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any


@dataclass(frozen=True)
class Opened:
    """Seconds that the first page of a process took, and those after it; what the first came with."""

    first: float
    again: tuple[float, ...]
    content: str


def opened(address: str, *, session: str, database: str, times: int) -> Opened:
    """The page at an address as somebody sees it who is logged in; raises ValueError where it does not open."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_opened, address, session, database, times).result()


def _opened(address: str, session: str, database: str, times: int) -> Opened:
    client = _client(session, database)
    first, content = _asked(client, address)
    return Opened(first, tuple(_asked(client, address)[0] for _ in range(times)), content)


def _client(session: str, database: str) -> Any:
    """All that a web server does before anybody asks, and no more."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    import config.wsgi  # noqa: F401

    connection.settings_dict["NAME"] = database
    client = Client(SERVER_NAME="localhost")
    client.handler.load_middleware()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def _asked(client: Any, address: str) -> tuple[float, str]:
    began = time.perf_counter()
    response = client.get(address)
    seconds = time.perf_counter() - began
    if response.status_code != 200:
        raise ValueError(f"{address} answered {response.status_code}.")
    return seconds, response.content.decode()
