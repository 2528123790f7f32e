import numpy as np

from config.demo.retailer.catalogue import catalogue
from config.demo.retailer.offer_book import PULL, offer_book


def test_shelves_hold_about_two_thousand_differently_named_products() -> None:
    names = {product.name for product in catalogue().products}
    assert len(names) == len(catalogue().products)
    assert 1900 <= len(names) <= 2100


def test_there_are_twelve_departments_and_eight_stores() -> None:
    assert len(catalogue().departments) == 12
    assert len(catalogue().stores) == 8


def test_every_product_earns_something_even_on_promotion() -> None:
    shelves = catalogue()
    assert (shelves.unit_margin < shelves.price).all()
    assert (shelves.promotion > 0).all()
    # A deep promotion may cost more than a thin margin, as it does in shops; seldom.
    assert np.mean(shelves.promotion > shelves.unit_margin) < 0.05


def test_only_the_alcohol_department_is_flagged_so() -> None:
    flagged = {product.department for product in catalogue().products if "alcohol" in product.flags}
    assert flagged == {catalogue().departments.index("Beer & Wine")}


def test_popular_products_are_picked_more_often_and_from_their_department() -> None:
    picked = catalogue().pick(np.full(10_000, 3), (np.arange(10_000) + 0.5) / 10_000)
    assert set(catalogue().department[picked]) == {3}
    counts = np.bincount(picked)
    assert counts.max() > 8 * counts[counts > 0].min()


def test_forty_offers_are_of_every_kind() -> None:
    book = offer_book()
    assert len(book) == 40
    assert set(book.kinds) == set(PULL)


def test_every_category_of_an_offer_is_a_department() -> None:
    named = [offer["category"] for offer in offer_book().listing if "category" in offer]
    assert set(named) <= set(catalogue().departments)
    assert (offer_book().department >= 0).sum() == len(named)
