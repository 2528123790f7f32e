from collections.abc import Callable, Iterator
from shutil import disk_usage
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import health
from config.celery import app
from config.checks import own_secret_key

FREE_BYTES = 2 * 10**9


class Command(BaseCommand):
    help = "Look at everything Liftwell needs and say what is wrong and what to do about it."
    requires_system_checks = []  # it is here to say more than they do

    def handle(self, **_: Any) -> None:
        problems = 0
        for name, examine in EXAMINATIONS.items():
            found = list(examine())
            problems += len(found)
            self.stdout.write(f"{name:<10}" + ("; ".join(found) or self.style.SUCCESS("well")))
        if problems:
            raise CommandError(f"{problems} of the above need your attention.")


def secret() -> Iterator[str]:
    yield from (refusal.msg for refusal in own_secret_key())


def database() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        yield f"does not answer ({str(error).strip().splitlines()[0]}): check DATABASE_URL"
        return
    if waiting := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        yield f"{waiting} migrations are waiting: run `manage.py migrate`"


def broker() -> Iterator[str]:
    if not health.broker_answers():
        yield "does not answer: check CELERY_BROKER_URL"


def worker() -> Iterator[str]:
    if not health.broker_answers():
        yield "cannot be asked while the broker does not answer"
    elif not app.control.ping(timeout=2):
        yield "none answers: start one with `celery --app config worker`, or `make demo`"


def files() -> Iterator[str]:
    try:
        settings.DATA.mkdir(parents=True, exist_ok=True)
        trial = settings.DATA / ".doctor"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        yield f"{settings.DATA} cannot be written ({error.strerror}): check LIFTWELL_DATA"
        return
    if (free := disk_usage(settings.DATA).free) < FREE_BYTES:
        yield f"only {free / 1e9:.1f} GB are free in {settings.DATA}: make room"


EXAMINATIONS: dict[str, Callable[[], Iterator[str]]] = {
    "secret": secret,
    "database": database,
    "broker": broker,
    "worker": worker,
    "files": files,
}
