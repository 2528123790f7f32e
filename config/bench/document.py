"""Measured outcomes as a page of docs: written from the benchmarks' own JSON, so that no figure is copied by hand."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Told = Mapping[str, Any]

COMMON = (
    "job", "members", "offers", "ours", "seconds", "baseline", "baseline_seconds", "goal", "agrees", "peak_mb", "ratio",
    "claim", "measured_on", "load_average",
)  # fmt: skip
HEAD = """# Measured

`manage.py bench JOB --members N --json docs/performance/JOB.json` measured every figure here: medians, with the
baseline run in turn with ours. `manage.py bench --document` wrote this page from those files. The machine is shared and
busy at times: the load stands beside each, and ratios say more than seconds. A claim that was missed stays here with
its figure.

| claim | members | baseline | ours | times as fast | goal | peak memory | load |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def document(outcomes: Iterable[Told]) -> str:
    """The page, from outcomes as `Outcome.as_json` tells them, in the order of their jobs."""
    known = sorted(outcomes, key=lambda told: told["job"])
    return "\n".join([HEAD + "\n".join(map(_row, known)), *map(_section, known)])


def read(directory: Path) -> list[Told]:
    """The outcomes kept in a directory, a file each."""
    return [json.loads(path.read_text()) for path in sorted(directory.glob("*.json"))]


def _row(told: Told) -> str:
    missed = "" if told["ratio"] >= told["goal"] and told["agrees"] else " (missed)"
    columns = (
        f"[{told['claim']}](#{told['job']})",
        f"{told['members']:,}",
        f"{told['baseline_seconds']:,.3f} s",
        f"{told['seconds']:,.3f} s",
        f"{told['ratio']:,.1f}{missed}",
        f"{told['goal']:g}",
        f"{told['peak_mb']:,.0f} MB",
        f"{told['load_average']:g}",
    )
    return f"| {' | '.join(columns)} |"


def _section(told: Told) -> str:
    """What was compared with what, and the job's own figures."""
    figures = [f"| {name.replace('_', ' ')} | {_figure(told[name])} |" for name in told if name not in COMMON]
    return "\n".join(
        [
            f"\n## {told['job']}\n",
            f"{told['ours']} against {told['baseline']}, measured on {told['measured_on']}.",
            *(["\n| figure | |", "| --- | ---: |", *figures] if figures else []),
        ]
    )


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
