"""An empty database beside the real one, on the same server, for as long as something is measured."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def database() -> Iterator[None]:
    """Within it, the default connection has a database of its own, with all tables and no rows."""
    real, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    own, test["NAME"] = test["NAME"], f"bench_{real}"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        test["NAME"] = own
    try:
        yield
    finally:
        connection.creation.destroy_test_db(str(real), verbosity=0)
