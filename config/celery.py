"""The Celery app: `celery -A config worker` and `celery -A config beat`. Its settings are the `CELERY_` ones."""

import os
from signal import Signals

from celery import Celery
from celery.signals import worker_init, worker_process_init

from config.checks import own_secret_key
from config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("liftwell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # "current" holds for this thread only; the web server's threads send tasks too
app.autodiscover_tasks()


@worker_init.connect
def refuse_the_published_secret(**_: object) -> None:
    """Celery runs the system checks and goes on whatever they say; this one must stop it."""
    for error in own_secret_key():
        raise SystemExit(error.msg)


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """A pool process whose worker was killed must not go on: its task is handed to another."""
    die_with_parent(Signals.SIGKILL, os.getppid())
