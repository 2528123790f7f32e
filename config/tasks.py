"""What Celery workers are asked to do across apps: each task takes an id, calls one function and may be repeated."""

from celery import shared_task

from config import uploads
from loyalty.models import Load


# Longer than others may take, and still below the broker's visibility timeout.
@shared_task(name=uploads.LOAD_FILE, time_limit=840)
def load_file(load_id: int) -> None:
    if load := Load.objects.filter(pk=load_id).first():
        uploads.carry_out(load)


@shared_task(name="config.sweep_uploads")
def sweep_uploads() -> None:
    uploads.sweep()
