import json
from pathlib import Path

from config.bench.document import document, read

KEPT = Path(__file__).parents[3] / "docs/performance"


def told(**changed):
    values = {
        "job": "import", "members": 1_000, "offers": None, "ours": "blocks", "seconds": 0.5, "baseline": "rows",
        "baseline_seconds": 5.0, "goal": 8.0, "agrees": True, "peak_mb": 100, "ratio": 10.0, "claim": "import: fast",
        "measured_on": "2026-01-01", "load_average": 0.5, "rows": 7_000,
    }  # fmt: skip
    return values | changed


def test_a_claim_stands_with_its_goal_and_its_own_figures():
    page = document([told()])
    assert "| 10.0 | 8 | 100 MB | 0.5 |" in page
    assert "| rows | 7,000 |" in page


def test_a_claim_that_was_missed_is_marked():
    assert "| 7.0 (missed) | 8 |" in document([told(ratio=7.0)])


def test_ways_that_came_to_different_answers_are_a_miss():
    assert "(missed)" in document([told(agrees=False)])


def test_outcomes_are_read_from_their_directory_and_ordered_by_job(tmp_path):
    for job in ("segments", "import"):
        (tmp_path / f"{job}.json").write_text(json.dumps(told(job=job)))
    page = document(read(tmp_path))
    assert page.index("## import") < page.index("## segments")


def test_the_page_in_the_docs_is_what_the_kept_outcomes_say():
    assert KEPT.with_suffix(".md").read_text() == document(read(KEPT))
