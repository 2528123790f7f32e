import pytest

from loyalty.templatetags.counts import bar, grouped, members


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 members"), (1, "1 member"), (999, "999 members"), (1_234_567, "1,234,567 members")]
)
def test_a_count_is_grouped_and_of_as_many_members_as_it_says(count: int, said: str) -> None:
    assert members(count) == said
    assert said.startswith(grouped(count))


@pytest.mark.parametrize(("count", "of", "width"), [(1, 4, 250), (4, 4, 1000), (0, 4, 0), (0.125, 1, 125), (3, 0, 0)])
def test_a_bar_is_as_long_as_the_share_and_empty_of_nothing(count: float, of: float, width: int) -> None:
    assert f'<rect width="{width}" ' in bar(count, of)
