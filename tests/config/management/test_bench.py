from config.bench.frame import Outcome
from config.management.commands.bench import table


def test_figures_in_words_and_missing_ones_stand_beside_numbers():
    outcome = Outcome(
        job="worlds",
        members=1_000,
        offers=None,
        ours="ours",
        seconds=1.0,
        baseline="theirs",
        baseline_seconds=2.0,
        goal=1.0,
        agrees=True,
        peak_mb=10.0,
        figures={"harmed": "4 of 1,000", "lines": 1234, "into": None},
    )
    assert [line.split() for line in table(outcome)[3:]] == [
        ["harmed", "4", "of", "1,000"],
        ["lines", "1,234"],
        ["into", "–"],
    ]
