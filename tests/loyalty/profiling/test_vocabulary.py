import pytest

from loyalty.profiling.history import names
from loyalty.profiling.parsing import parse
from loyalty.profiling.vocabulary import Vocabulary

MANY, NAMED = 5_000, 50


class Word(str):
    """A word that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Word.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def comparisons(kind: type[tuple[str, ...]]) -> int:
    """How often words are compared until a condition that names some of many products is read."""
    refs = kind(Word(number) for number in range(MANY))
    known = {names.PRODUCT: refs, names.PRODUCT_NAME: refs}
    named = [str(number) for number in range(MANY - NAMED, MANY)]
    Word.compared = 0
    rule = parse({"bought": "product", "named": named, "times": 1}, {}, known)
    assert rule.labels[-1] == f"“{MANY - 1}”"
    return Word.compared


def test_products_are_named_without_going_through_the_catalogue() -> None:
    assert comparisons(Vocabulary) < NAMED * 10


def test_in_a_plain_tuple_the_count_shows_the_way_through() -> None:
    assert comparisons(tuple) > MANY * NAMED / 2


def test_it_is_the_tuple_of_its_words() -> None:
    words = Vocabulary(("b", "a"))
    assert words == ("b", "a")
    assert [words.index(word) for word in words] == [0, 1]
    assert ("a" in words, "c" in words) == (True, False)


def test_a_word_that_is_not_there_has_no_code() -> None:
    with pytest.raises(ValueError, match="no word 'c'"):
        Vocabulary(("b", "a")).index("c")
