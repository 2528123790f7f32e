"""What Celery beat starts and how often; each entry is a hint to look, the database says what there is to do."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {}
