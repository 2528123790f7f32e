"""Doing several things at once that do not wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

Job = Callable[[], object]


def together(*jobs: Job) -> None:
    """Do all jobs, each in a thread with database connections of its own; raises what the first to fail raised."""
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        for done in [pool.submit(_do, job) for job in jobs]:
            done.result()


def _do(job: Job) -> None:
    try:
        job()
    finally:
        connections.close_all()
