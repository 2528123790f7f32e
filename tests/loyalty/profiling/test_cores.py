import threading
import time

import pytest

from loyalty.profiling.cores import CORES, in_turn, share


def test_answers_come_in_the_order_of_the_parts() -> None:
    assert share(lambda part: part * part, range(1000)) == [part * part for part in range(1000)]


def test_small_work_stays_in_the_thread_that_asks() -> None:
    assert set(share(lambda _: threading.get_ident(), range(50), small=True)) == {threading.get_ident()}


def test_who_asks_works_too() -> None:
    assert threading.get_ident() in share(lambda _: time.sleep(0.001) or threading.get_ident(), range(50))


def test_an_error_is_raised_and_stops_the_work() -> None:
    done = []

    def work(part: int) -> None:
        if part == 3:
            raise ZeroDivisionError
        time.sleep(0.001)
        done.append(part)

    with pytest.raises(ZeroDivisionError):
        share(work, range(10_000))
    assert len(done) < 1000


def test_shared_work_may_share_its_own() -> None:
    outer = range(4 * CORES)
    assert share(lambda part: sum(share(lambda each: each + part, range(10))), outer) == [45 + 10 * n for n in outer]


def test_parts_that_come_one_after_the_other_are_answered_in_turn() -> None:
    assert list(in_turn(lambda part: part * part, iter(range(50)))) == [part * part for part in range(50)]


def test_no_more_parts_are_fetched_than_are_worked_on() -> None:
    fetched: list[int] = []
    answers = in_turn(lambda part: part, (fetched.append(part) or part for part in range(50)))
    assert next(answers) == 0
    assert len(fetched) == CORES
