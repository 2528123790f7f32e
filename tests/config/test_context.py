from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from config import context


@pytest.fixture
def request_of() -> Callable[[User], HttpRequest]:
    def make(user: User) -> HttpRequest:
        request = RequestFactory().get("/")
        request.user = user
        return request

    return make


def test_a_page_that_shows_nothing_of_it_asks_nothing(
    request_of: Callable[[User], HttpRequest], mara: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        context.page(request_of(mara))


def test_the_frame_asks_each_question_once(
    request_of: Callable[[User], HttpRequest], mara: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    frame = context.page(request_of(mara))
    with django_assert_num_queries(2):
        assert [frame["reviews_waiting"]() for _ in range(3)] == [0, 0, 0]
        assert [frame["snapshot"]() for _ in range(3)] == [None, None, None]


def test_the_reader_is_told_their_roles(request_of: Callable[[User], HttpRequest], mara: User) -> None:
    assert context.page(request_of(mara))["roles"]() == ["marketer"]


def test_the_reader_who_has_none_is_told_so(request_of: Callable[[User], HttpRequest], noor: User) -> None:
    assert context.page(request_of(noor))["roles"]() == []
