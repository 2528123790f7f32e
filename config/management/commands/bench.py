import json
import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from config.bench import document
from config.bench.frame import Figure, Outcome, Size
from config.bench.jobs import JOBS
from loyalty import clock

_LAST_LINE = "-"


class Command(BaseCommand):
    help = "Measures a claim beside its baseline; without a job, lists what can be measured."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", nargs="?", choices=JOBS, metavar="JOB", help=", ".join(JOBS))
        parser.add_argument("--members", type=int, default=20_000, metavar="N")
        parser.add_argument("--offers", type=int, default=50, metavar="K")
        parser.add_argument("--repetitions", type=int, default=5, metavar="R", help="how often each way is run")
        parser.add_argument(
            "--json", nargs="?", const=_LAST_LINE, metavar="PATH", help="one object, on the last line or in a file"
        )
        parser.add_argument(
            "--document",
            nargs="?",
            const="docs/performance",
            metavar="DIR",
            help="writes DIR.md from the objects kept in DIR, and measures nothing",
        )

    def handle(self, *, job: str | None, members: int, offers: int, repetitions: int, **options: str | None) -> None:
        if kept := options["document"]:
            Path(kept).with_suffix(".md").write_text(document.document(document.read(Path(kept))))
        elif job is None:
            for name, found in JOBS.items():
                self.stdout.write(f"{name:<15}{found.claim}")
        else:
            outcome = JOBS[job].run(Size(members, offers, repetitions), self.stderr.write)
            self.stdout.write("\n".join(table(outcome)))
            self._warn(outcome)
            self._write(json.dumps(told(outcome)), options["json"])

    def _warn(self, outcome: Outcome) -> None:
        if not outcome.agrees:
            self.stdout.write(self.style.ERROR("The two ways do not come to the same: the times mean nothing."))
        if outcome.ratio < outcome.goal:
            words = f"{outcome.goal:g} times as fast is claimed, and {outcome.ratio:.1f} times was measured here."
            self.stdout.write(self.style.WARNING(words))

    def _write(self, written: str, where: str | None) -> None:
        if where == _LAST_LINE:
            self.stdout.write(written)
        elif where:
            Path(where).write_text(written + "\n")


def told(outcome: Outcome) -> dict[str, object]:
    """The outcome with what it is to prove, and when and how busy the machine was."""
    load = {"load_average": round(os.getloadavg()[0], 1)}
    where = {"claim": JOBS[outcome.job].claim, "measured_on": str(clock.today()), **load}
    return outcome.as_json() | where


def table(outcome: Outcome) -> list[str]:
    """The two ways with their medians and the ratio, and below it the job's own figures."""
    width = max(len(name) for name in (outcome.baseline, outcome.ours, *outcome.figures)) + 2
    return [
        f"{outcome.job}, {outcome.members:,} members, peak {outcome.peak_mb:,.0f} MB",
        f"{outcome.baseline:<{width}}{outcome.baseline_seconds:>14.3f} s",
        f"{outcome.ours:<{width}}{outcome.seconds:>14.3f} s{outcome.ratio:>8.1f} times as fast",
        *(f"{name:<{width}}{_aligned(value)}" for name, value in outcome.figures.items()),
    ]


def _aligned(figure: Figure) -> str:
    return f"{figure:>14,}" if isinstance(figure, int | float) else f"{figure or '–':>14}"
