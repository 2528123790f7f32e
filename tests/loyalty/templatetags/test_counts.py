import pytest

from loyalty.templatetags.counts import bar, bars, grouped, members


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 members"), (1, "1 member"), (999, "999 members"), (1_234_567, "1,234,567 members")]
)
def test_a_count_is_grouped_and_of_as_many_members_as_it_says(count: int, said: str) -> None:
    assert members(count) == said
    assert said.startswith(grouped(count))


@pytest.mark.parametrize(("count", "of", "width"), [(1, 4, 250), (4, 4, 1000), (0, 4, 0), (0.125, 1, 125), (3, 0, 0)])
def test_a_bar_is_as_long_as_the_share_and_empty_of_nothing(count: float, of: float, width: int) -> None:
    assert f'<rect width="{width}" ' in bar(count, of)


def test_each_row_has_its_word_its_bar_and_its_count() -> None:
    assert bars([("Gold", 1_500)], 3_000) == (
        f'<div><dt>Gold</dt><dd class="bar">{bar(1, 2)}</dd><dd class="number">1,500</dd></div>'
    )


def test_a_word_of_a_retailers_own_is_escaped_in_its_row() -> None:
    assert "<b>" not in bars([("<b>", 1)], 1)
