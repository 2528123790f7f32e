"""Machines and their keys: whether one is in force, and how often it may ask."""

from typing import cast

from django.db import connection
from psycopg.sql import SQL

from loyalty.models import MachineKey

BURST_SECONDS = 10

# A bucket of requests that fills evenly and holds what comes in within a few seconds. The database's clock counts, so
# any number of workers fill and empty the same bucket.
_LEFT = SQL("""
    least(
        greatest(requests_per_minute / 60.0 * %(burst)s, 1),
        coalesce(
            requests_left + extract(epoch FROM clock_timestamp() - counted_at) * (requests_per_minute / 60.0),
            'infinity'
        )
    )
""")
_TAKE = SQL("""
    UPDATE loyalty_machinekey SET requests_left = {left} - 1, counted_at = clock_timestamp()
    WHERE id = %(id)s AND {left} >= 1 RETURNING id
""").format(left=_LEFT)


def in_force(key: str) -> MachineKey | None:
    """The machine key as a machine sends it; None for one that is unknown, taken back or past its day."""
    try:
        found = cast("MachineKey", MachineKey.objects.get_from_key(key))
    except MachineKey.DoesNotExist:
        return None
    return None if found.has_expired else found


def may_ask(machine: MachineKey) -> bool:
    """Count one request, if there is room for it within the key's requests per minute."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"id": machine.pk, "burst": BURST_SECONDS})
        return cursor.fetchone() is not None


def seconds_to_wait(machine: MachineKey) -> int:
    """Whole seconds until there is room for a request again, if nobody else asks with the same key."""
    return -(-60 // machine.requests_per_minute)
