from hypothesis import given
from hypothesis import strategies as st

from offers.marking import marked

WORDS = st.lists(st.sampled_from(["a", "b", "c", "\n", "  "]), max_size=20).map(" ".join)


def pairs(before: str, after: str) -> list[list[tuple[str, bool]]]:
    return [[(piece.words, piece.is_change) for piece in side] for side in marked(before, after)]


def test_changed_words_are_marked_on_both_sides() -> None:
    gone, came = pairs("20% off coffee today", "25% off coffee")
    assert gone == [("20%", True), (" off coffee", False), (" today", True)]
    assert came == [("25%", True), (" off coffee", False)]


def test_equal_texts_have_nothing_marked() -> None:
    gone, came = pairs("the same", "the same")
    assert gone == came == [("the same", False)]


def test_empty_text_has_no_pieces() -> None:
    assert pairs("", "new") == [[], [("new", True)]]


@given(WORDS, WORDS)
def test_pieces_join_to_the_texts(before: str, after: str) -> None:
    gone, came = marked(before, after)
    assert ("".join(p.words for p in gone), "".join(p.words for p in came)) == (before, after)


@given(WORDS, WORDS)
def test_what_is_not_marked_is_the_same_on_both_sides(before: str, after: str) -> None:
    kept = [["".join(p.words for p in side if not p.is_change)] for side in marked(before, after)]
    assert kept[0] == kept[1]
