"""Probes for whoever runs the service: is this process alive, and can it do its work?"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry


@login_not_required
def livez(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database and the broker answer, else 503; says which does not."""
    answers = {"database": database_answers(), "broker": broker_answers()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """One try within a second: redis-py asks ten times by default, and a probe that waits tells nothing in time."""
    address = settings.CELERY_BROKER_URL.replace("redis+socket:", "unix:")
    once = Retry(NoBackoff(), 0)
    try:
        with Redis.from_url(address, retry=once, socket_timeout=1, socket_connect_timeout=1) as broker:
            return bool(broker.ping())
    except RedisError:
        return False
