"""Processes that are killed in the middle of a file of tens of thousands of rows: what is in, and how it goes on."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.urls import reverse

from config import tasks, uploads
from config.kinds import TARGETS
from loyalty import loading
from loyalty.models import Load, Purchase
from tests.bringing import AT, data

__all__ = ["data"]

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, FAULTY = 40_000, 40
HEADER = "line_ref,basket_ref,purchased_at,quantity,net_amount\n"

# Each block of the file goes into the table by one call; the n-th is not lived to see.
KILLED = """
    import os, signal, sys
    from pathlib import Path
    import django
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from loyalty.files import source
    from loyalty.staging import table
    name, settings.DATA, fatal = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    connections["default"].settings_dict["NAME"] = name
    source.PIECE = 150_000
    fill, calls = table.fill, []
    def fill_or_die(*arguments):
        calls.append(arguments)
        if len(calls) == fatal:
            {before}
            os.kill(os.getpid(), signal.SIGKILL)
        fill(*arguments)
    table.fill = fill_or_die
    {work}
"""
WORKER = "from config import tasks; tasks.load_file(int(sys.argv[4]))"
COMMAND_LINE = 'call_command("load", "purchases", sys.argv[4])'


def killed(work: str, argument: object, data: Path, *, at_block: int, before: str = "pass", cwd: Path | None = None):
    """Run `work` in a process of its own until it is killed, and wait until the database knows."""
    code = textwrap.dedent(KILLED.format(work=work, before=before))
    arguments = [connection.settings_dict["NAME"], str(data), str(at_block), str(argument)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.run([sys.executable, "-c", code, *arguments], check=False, env=environment, cwd=cwd)
    assert process.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 30
    while loading.held() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not loading.held(), "the database still holds the lock of a process that was killed"
    return Load.objects.get()


def written(path: Path) -> Path:
    """A file of purchases of 0.01, 0.02, 0.03, …, of which one in a thousand has no day."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.write(HEADER)
        for number in range(1, ROWS + 1):
            day = "someday" if number % (ROWS // FAULTY) == 0 else "2026-02-01"
            file.write(f"l{number},b{number // 3},{day},1,{number // 100}.{number % 100:02}\n")
    return path


@pytest.fixture
def started(data: Path, otto: User) -> Load:
    """An upload that workers were called for."""
    load = loading.begin(TARGETS["purchases"], written(uploads.directory() / "file"), at=AT, by=otto, name="big.csv")
    Load.objects.filter(pk=load.pk).update(state=Load.State.LOADING)
    cache.delete(f"load-{load.pk}-attempts")
    return load


def total() -> Decimal:
    return Purchase.objects.aggregate(total=Sum("net_amount"))["total"] or Decimal(0)


def test_what_a_killed_worker_began_another_brings_to_its_end(started: Load, data: Path) -> None:
    for block in (6, 3):
        load = killed(WORKER, started.pk, data, at_block=block)
        assert (load.state, Purchase.objects.count()) == ("loading", 0)
        assert 0 < load.rows < ROWS
    tasks.load_file(started.pk)
    load.refresh_from_db()
    assert (load.state, load.rows, load.loaded, load.rejected) == ("done", ROWS, ROWS - FAULTY, FAULTY)
    assert Purchase.objects.count() == ROWS - FAULTY
    faulty = Decimal(sum(range(1000, ROWS + 1, ROWS // FAULTY))) / 100
    everything = Decimal(ROWS * (ROWS + 1) // 2) / 100
    assert total() == everything - faulty
    sums = {side: Decimal(amount) for side, amount in load.quality["sums"]["net_amount"].items()}
    assert sums == {
        "read": everything, "kept": everything - faulty, "known": 0, "rejected": faulty,
        "found": everything - faulty, "unread": 0,
    }  # fmt: skip
    assert not (uploads.directory() / "file").exists()


def test_rows_that_a_killed_worker_had_committed_would_be_noticed(started: Load, data: Path) -> None:
    """The negative control: with the transaction ended before the kill, half the file is in."""
    killed(WORKER, started.pk, data, at_block=6, before='connections["default"].connection.commit()')
    assert 0 < Purchase.objects.count() < ROWS - FAULTY


def test_a_killed_load_from_the_command_line_is_discarded_and_its_file_stays(as_, otto: User, data: Path) -> None:
    path = written(data / "in" / "big.csv")
    (data / "elsewhere").mkdir()
    load = killed(COMMAND_LINE, "../in/big.csv", data, at_block=6, cwd=data / "elsewhere")
    browser = as_(otto)
    shown = browser.get(reverse("load", args=[load.pk])).content.decode()
    assert "% of the file. Nothing of it was loaded." in shown
    assert f"manage.py load purchases {path}" in shown
    browser.post(reverse("load_discard", args=[load.pk]))
    assert not Load.objects.exists()
    assert path.read_text().startswith(HEADER)
    assert loading.load(TARGETS["purchases"], path, at=AT).loaded == ROWS - FAULTY
