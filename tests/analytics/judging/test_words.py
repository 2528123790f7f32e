import pytest

from analytics.judging.words import money, times


@pytest.mark.parametrize(
    ("amount", "written"),
    [(1234.6, "€1,235"), (12.345, "€12.35"), (5.0, "€5"), (-300.4, "−€300"), (-0.004, "€0"), (99.999, "€100")],
)
def test_amounts_are_written_as_one_says_them(amount, written):
    assert money(amount) == written


@pytest.mark.parametrize(("count", "written"), [(1, "1 more day"), (1200, "1,200 more days")])
def test_one_is_not_several(count, written):
    assert times(count, "more day", "more days") == written
