"""Cards of scorers that were never trained, for whoever only reads cards."""

import datetime as dt

from campaigns.scoring.calibration import Bin
from campaigns.scoring.intervals import Estimate
from campaigns.training.card import Card, Curve, Figure, Looked, Measure, Quality, Window

QINI = Measure(
    "Qini",
    "what is gained by choosing",
    "money",
    "higher",
    (Figure("This scorer", Estimate(0.25, 0.1, 0.4)), Figure("Base rate", None, "All rows have the same score.")),
)
BINS = (Bin(100, 0.05, Estimate(0.04, 0.01, 0.08)), Bin(100, 0.15, Estimate(0.2, 0.15, 0.25)), Bin(1, 0.3, None))


def card() -> Card:
    return Card(
        learned=Window(dt.date(2026, 1, 5), dt.date(2026, 2, 4), 2_000, 2),
        judged=Window(dt.date(2026, 3, 6), dt.date(2026, 3, 6), 1_000, 1),
        features=(Looked("Affinity for Coffee", "choosing offers that fit"),),
        quality=Quality((QINI,), BINS, BINS, Curve((0.0, 0.5, 1.0), (0.0, 0.4, 0.5))),
        notes=("Spring: its rule cannot be read.",),
    )
