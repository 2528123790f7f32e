"""The count request of the segment page while somebody edits, against what is promised of it at ten million members."""

import os
import re
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.bench import many_members, scratch
from config.bench.frame import Contest, Job, Outcome, Say, Size
from config.bench.segment_edits import Edit, edits
from loyalty import clock, roles, segmentation
from loyalty.models import Snapshot
from loyalty.models.consent import Channel
from loyalty.profiling import snapshot as storage
from loyalty.profiling.table import Profiles

BASELINE, OURS = "promised of 99 in 100", "99 in 100 answered within"
GOAL, PROMISED_SECONDS = 1.0, 0.05
EDITS, COMPARED, PATIENCE_SECONDS = 500, 10, 600
MEMBERS = """
    INSERT INTO loyalty_member (id, ref, tier, postcode, attributes)
    SELECT n, 'm' || n, '', '', '{}' FROM generate_series(1, %s) n
"""
CONSENTS = """
    INSERT INTO loyalty_consent (member_id, purpose, channel, granted, at, wording, source, recorded_at)
    SELECT n, 'marketing', %(channel)s, true, now(), '', 'bench', now()
    FROM generate_series(1, %(members)s) n WHERE (hashint8(n) & 1023) < %(of_1024)s
"""
SAID = re.compile(rb"<strong>([\d,]+)</strong> member")


class Answer(NamedTuple):
    """How long the page took to answer, how long processors worked at it, and how many members it said."""

    seconds: float
    processor: float
    matching: int


def run(size: Size, say: Say) -> Outcome:
    """500 random edits by one person, each answered by the whole page, from the middleware to the template."""
    with tempfile.TemporaryDirectory() as directory, scratch.database():
        say("drawing the members, and writing them down")
        members = _world(Path(directory) / "snapshot", size.members)
        made = list(edits(members, EDITS))
        client = _marketer()
        say("waiting until consent is read for the first time")
        _wait_for_consent(client)
        say(f"sending {EDITS} edits")
        answered = [_answer(client, edit) for edit in made]
        say(f"counting {COMPARED} of them by whole columns")
        by_columns, agrees = _by_whole_columns(members, made, [answer.matching for answer in answered])
    return _outcome(size, answered, by_columns, agrees=agrees)


JOB = Job("segments-page: the page answers every edit, 99 of 100 within 50 ms at ten million members", run)


def _world(directory: Path, count: int) -> Profiles:
    members = many_members.profiles(count)
    storage.write(members, directory)
    now = clock.now()
    Snapshot.objects.create(as_of=members.as_of, directory=str(directory), members=count, started_at=now, built_at=now)
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, [count])
        for channel, of_1024 in ((Channel.EMAIL, 600), (Channel.APP, 300)):
            cursor.execute(CONSENTS, {"channel": channel, "members": count, "of_1024": of_1024})
        cursor.execute("ANALYZE")
    return segmentation.current_profiles(on=clock.today())


def _marketer() -> Client:
    user = User.objects.create_user("bench")
    user.groups.add(Group.objects.get_or_create(name=roles.MARKETER)[0])
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _wait_for_consent(client: Client) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while b"being counted" in client.get(reverse("segment_new")).content:
        if time.monotonic() > until:
            raise TimeoutError(f"Consent was not read within {PATIENCE_SECONDS} seconds.")
        time.sleep(0.5)


def _answer(client: Client, edit: Edit) -> Answer:
    asked = {"HX-Request": "true", "HX-Target": "reach" if edit.only_counts else "builder"}
    fields, kind = urlencode(edit.fields, doseq=True), "application/x-www-form-urlencoded"  # as a browser sends them
    began, used = time.perf_counter(), time.process_time()
    response = client.post(reverse("segment_new"), fields, content_type=kind, headers=asked)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    said = SAID.search(response.content)
    if said is None:
        raise ValueError(f"The page answered {response.status_code} without a count.")
    return Answer(seconds, processor, int(said[1].replace(b",", b"")))


def _by_whole_columns(members: Profiles, made: list[Edit], said: list[int]) -> tuple[float, bool]:
    """The median time of counting some of the edits again, and whether all of those came to what was said."""
    times, agrees = [], True
    for at in range(0, len(made), len(made) // COMPARED):
        began = time.perf_counter()
        matching = made[at].matching(members)
        times.append(time.perf_counter() - began)
        agrees = agrees and matching == said[at]
    return statistics.median(times), agrees


def _outcome(size: Size, answered: list[Answer], by_columns: float, *, agrees: bool) -> Outcome:
    """The count alone by whole columns is told beside; and what processors took, which a busy machine changes less."""
    seconds = [answer.seconds for answer in answered]
    times = Contest((BASELINE, OURS), (PROMISED_SECONDS,), (_within(seconds),), agrees)
    return times.outcome(
        "segments-page",
        size,
        goal=GOAL,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        figures={
            "edits": len(seconds),
            "median_ms": round(1000 * statistics.median(seconds), 1),
            "slowest_ms": round(1000 * max(seconds), 1),
            "processor_ms_of_99_in_100": round(1000 * _within([answer.processor for answer in answered]), 1),
            "count_alone_by_whole_columns_ms": round(1000 * by_columns, 1),
            "load_average": round(os.getloadavg()[0], 1),
        },
    )


def _within(seconds: list[float]) -> float:
    """What 99 of 100 are within."""
    return sorted(seconds)[int(0.99 * len(seconds))]
