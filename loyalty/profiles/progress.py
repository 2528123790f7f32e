"""How far a long step of a build is, told every few seconds."""

import time
from collections.abc import Callable

Report = Callable[[str], None]

EVERY_SECONDS = 2.0


class Progress:
    """Tells a step's share done, its rate and the time it has left; a step that is over soon says nothing."""

    def __init__(self, report: Report, step: str, unit: str) -> None:
        self.report, self.step, self.unit = report, step, unit
        self.began = self.told = time.perf_counter()

    def at(self, done: int, *, share: float) -> None:
        """So many units are done, which is this share of the step, from 0 to 1."""
        now = time.perf_counter()
        if now - self.told < EVERY_SECONDS or share <= 0:
            return
        self.told, spent = now, now - self.began
        left = spent * (1 - share) / share
        self.report(f"{self.step}: {share:.0%}, {done / spent:,.0f} {self.unit} a second, {_words(left)} left")


def _words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
