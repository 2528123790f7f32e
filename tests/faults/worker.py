"""The Celery worker as it is, but for what faults come to it: `celery -A tests.faults.worker worker`."""

import os
from pathlib import Path

import django

from config.celery import app

django.setup()

from campaigns import chunks, hints  # noqa: E402 - models need what is above
from tests.faults import unguarded  # noqa: E402
from tests.faults.fate import Fates  # noqa: E402
from tests.faults.points import watch  # noqa: E402
from tests.faults.thrice import Thrice  # noqa: E402

__all__ = ["app"]

chunks.LEASE_SECONDS = float(os.environ["FAULTS_LEASE"])  # type: ignore[assignment]
hints.current_app = Thrice(app)
if os.environ.get("FAULTS_UNGUARDED"):
    chunks.doing = unguarded.doing
watch(Fates(Path(os.environ["FAULTS"])).arrive)
