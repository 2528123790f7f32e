"""Every message reaches workers three times, as brokers may do it: under the same id."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from celery import Celery

TIMES = 3


@dataclass(frozen=True)
class Thrice:
    app: Celery

    def send_task(self, name: str, arguments: Sequence[Any], **options: Any) -> None:
        task_id = str(uuid.uuid4())
        for _ in range(TIMES):
            self.app.send_task(name, arguments, task_id=task_id, **options)
