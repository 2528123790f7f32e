"""The full count, by `make calibrate`: two hundred campaigns that change nothing; it writes docs/calibration.md."""

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from scipy.stats import binom

from analytics.body import Effect, Judged
from campaigns.models import Delivery, Ghost
from tests.calibration import stack

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
MEMBERS, RUNS = 2_000, 200
ALPHA = 0.05
# Counts beyond these come by chance once in a thousand times.
FEWEST, MOST = (int(binom.ppf(tail, RUNS, ALPHA)) for tail in (0.0005, 0.9995))
# A guard is wrong once in a thousand times, and each report has several.
MOST_HIDDEN = 4
TEXT = """# False alarms, through everything

Written by `make calibrate`: {day}, commit {commit}.

{runs} campaigns that change nothing were launched over {members:,} members, each with {share:.0%} held out by a salt of
its own: {sent:,} messages were sent and {ghosts:,} withheld. What members bought in the two weeks after came in as a
file of {lines:,} lines, and every campaign was reported. Chance alone finds a difference at 5 % in about {expected:.0f}
of them; fewer than {fewest} or more than {most} would come by chance once in a thousand times.

| method | metric | of {runs}, found a difference | share |
| --- | --- | ---: | ---: |
{rows}

Hidden by a guard, each of which is wrong once in a thousand times: {hidden}.
Verdicts that say "pays": {pays} ({pays_share:.1%}; 2.5 % by chance).
"""


def headline(judged: Judged) -> Effect:
    return judged.headline


def plain(judged: Judged) -> Effect:
    return judged.plain


METHODS: list[tuple[str, str, Callable[[Judged], Effect]]] = [
    ("adjusted, with a ceiling", "margin", headline),
    ("adjusted, with a ceiling", "spend", headline),
    ("Welch", "margin", plain),
    ("Welch", "spend", plain),
    ("Newcombe", "purchasers", plain),
    ("ratio", "margin_share", plain),
    ("ratio, adjusted", "margin_share", headline),
    ("ratio", "items_per_basket", plain),
    ("ratio, adjusted", "items_per_basket", headline),
]


def test_one_in_twenty_campaigns_that_change_nothing_is_found_to_change_something(data, offer, rng):
    stack.open_house(MEMBERS, data, rng)
    runs = [stack.launched(number, offer) for number in range(RUNS)]
    lines = stack.shopping(MEMBERS, 0, stack.DAYS, rng)
    stack.bring(lines, data)
    bodies = stack.reported(runs)
    found, hidden = {}, sum(body.is_hidden for body in bodies)
    for method, metric, effect in METHODS:
        p = [told.each.p for body in bodies if (judged := body.of(metric)) and (told := effect(judged)).each]
        assert len(p) == RUNS - hidden, (method, metric)
        found[method, metric] = sum(each < ALPHA for each in p)
    pays = sum(body.verdict.word == "pays" for body in bodies)
    rows = (f"| {method} | {metric} | {count} | {count / RUNS:.1%} |" for (method, metric), count in found.items())
    (ROOT / "docs" / "calibration.md").write_text(
        TEXT.format(
            day=f"{dt.datetime.now(tz=dt.UTC):%-d %B %Y}",
            commit=_commit(),
            runs=RUNS,
            members=MEMBERS,
            share=stack.SHARE_HELD_OUT,
            sent=Delivery.objects.filter(state="sent").count(),
            ghosts=Ghost.objects.filter(state="would_send").count(),
            lines=len(lines),
            expected=ALPHA * RUNS,
            fewest=FEWEST,
            most=MOST,
            rows="\n".join(rows),
            hidden=hidden,
            pays=pays,
            pays_share=pays / RUNS,
        )
    )
    assert all(FEWEST <= count <= MOST for count in found.values()), found
    assert hidden <= MOST_HIDDEN


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
