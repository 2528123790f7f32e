"""Prints figures of quality; every one must lie in its interval."""

from collections.abc import Mapping, Sequence

from campaigns.scoring.quality import Bin, Estimate


def show(title: str, figures: Mapping[str, Estimate], bins: Sequence[Bin] = ()) -> None:
    print(f"\n{title}")  # noqa: T201
    for name, found in figures.items():
        print(f"  {name}: {found.value:.4g} ({found.low:.4g} to {found.high:.4g})")  # noqa: T201
        assert found.low <= found.value <= found.high
    for each in bins:
        print(f"  {each.rows:,} rows: {each.predicted:.3g} predicted, {_told(each.observed)} came")  # noqa: T201


def _told(found: Estimate | None) -> str:
    if found is None:
        return "nobody can tell what"
    assert found.low <= found.value <= found.high
    return f"{found.value:.3g} ({found.low:.3g} to {found.high:.3g})"
