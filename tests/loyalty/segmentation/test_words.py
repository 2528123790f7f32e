from datetime import date

import numpy as np
import pytest

from loyalty.profiling.table import Profiles
from loyalty.segmentation import words
from loyalty.segmentation.words import Book, Word

PATHS = ("Bakery", "Bakery > Bread", "Coffee & Tea", "Coffee & Tea > Ground Coffee", "Coffee & Tea > Tea", "Pets > Tea")
CATEGORIES = Book(PATHS, PATHS)
PRODUCTS = Book(("p1", "p2", "p3"), ("House Blend Coffee", "House Blend Coffee", "Rye Bread"))


def found(book: Book, typed: str) -> list[str]:
    return [word.value for word in book.found(typed)]


def test_what_is_called_so_comes_before_what_is_only_a_part_of_it():
    assert found(CATEGORIES, "coffee") == ["Coffee & Tea", "Coffee & Tea > Ground Coffee", "Coffee & Tea > Tea"]


def test_every_part_of_what_was_typed_counts_in_any_order_and_case():
    assert found(CATEGORIES, "GROUND coffee") == found(CATEGORIES, "coffee ground") == ["Coffee & Tea > Ground Coffee"]


def test_nothing_typed_yet_shows_the_widest_first():
    assert found(CATEGORIES, "")[:2] == ["Bakery", "Coffee & Tea"]


def test_no_more_than_a_few_are_shown_of_very_many():
    names = tuple(f"Article {number}" for number in range(100_000))
    assert len(Book(names, names).found("article")) == words.MOST


@pytest.mark.parametrize(("typed", "meant"), [("cofee", "Coffee & Tea"), ("bred", "Bakery > Bread")])
def test_what_is_misspelled_is_guessed(typed, meant):
    assert found(CATEGORIES, typed)[0] == meant


def test_what_is_like_nothing_finds_nothing():
    assert found(CATEGORIES, "zzzz") == []


@pytest.mark.parametrize(
    ("typed", "settled"),
    [
        ("coffee & tea", "Coffee & Tea"),
        ("bread", "Bakery > Bread"),
        ("Bakery > bread", "Bakery > Bread"),
        ("tea", ""),  # there are two
        ("coffee", ""),
        ("", ""),
    ],
)
def test_a_name_settles_only_what_it_names_alone(typed, settled):
    assert CATEGORIES.settled(typed) == settled


def test_a_whole_name_wins_over_the_end_of_another():
    paths = ("Tea", "Coffee > Tea")
    assert Book(paths, paths).settled("tea") == "Tea"


def test_products_are_found_by_name_and_told_apart_by_reference():
    assert PRODUCTS.found("house") == [Word("p1", "House Blend Coffee"), Word("p2", "House Blend Coffee")]
    assert PRODUCTS.settled("House Blend Coffee") == ""
    assert PRODUCTS.settled("rye bread") == "p3"


def test_what_is_gone_is_called_as_it_was_written():
    assert PRODUCTS.called(["p3", "p9"]) == [Word("p3", "Rye Bread"), Word("p9", "p9")]


def test_profiles_that_kept_no_purchases_have_no_words():
    members = Profiles(date(2026, 3, 1), np.array([1]), {}, {}, {})
    assert words.book("product", members).found("a") == []


def compared(monkeypatch, book: Book, typed: str) -> list[int]:
    """With how many words each part that nothing holds is compared."""
    asked = []
    monkeypatch.setattr(words, "get_close_matches", lambda part, among, n: asked.append(len(among)) or [])
    book.found(typed)
    return asked


def test_a_thousand_parts_are_no_more_work_than_a_few(monkeypatch):
    assert len(compared(monkeypatch, CATEGORIES, "q " * 1000)) == words.MOST_PARTS


def test_what_is_typed_past_the_bound_is_not_looked_at():
    assert found(CATEGORIES, "bread".ljust(words.MOST_TYPED) + "tea") == ["Bakery > Bread"]


def test_of_many_words_only_those_that_begin_alike_are_compared(monkeypatch):
    names = tuple(f"{'ab'[number % 2]}{number}" for number in range(words.MOST_COMPARED + 2))
    assert compared(monkeypatch, Book(names, names), "azzz") == [words.MOST_COMPARED // 2 + 1]


def test_words_of_which_too_many_begin_alike_are_not_compared(monkeypatch):
    names = tuple(f"a{number}" for number in range(words.MOST_COMPARED + 1))
    assert compared(monkeypatch, Book(names, names), "azzz") == [0]
