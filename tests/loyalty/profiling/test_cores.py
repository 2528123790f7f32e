import threading

import pytest

from loyalty.profiling.cores import CORES, in_turn, share

PARTS = 1_000_000


def test_answers_come_in_the_order_of_the_parts() -> None:
    assert share(lambda part: part * part, range(1000)) == [part * part for part in range(1000)]


def test_a_single_part_stays_in_the_thread_that_asks() -> None:
    assert share(lambda _: threading.get_ident(), range(1)) == [threading.get_ident()]


def test_who_asks_works_too() -> None:
    everybody = threading.Barrier(CORES, timeout=60)  # passed only where as many threads work as there are cores

    def work(_part: int) -> int:
        everybody.wait()
        return threading.get_ident()

    assert threading.get_ident() in share(work, range(CORES))


def test_an_error_is_raised_and_stops_the_work() -> None:
    begun, everybody = [], threading.Barrier(CORES, timeout=60)
    raised = threading.Event()

    def work(part: int) -> None:
        begun.append(part)
        if part >= CORES:
            return
        everybody.wait()
        if part == CORES - 1:
            raised.set()
            raise ZeroDivisionError
        raised.wait(timeout=60)

    with pytest.raises(ZeroDivisionError):
        share(work, range(PARTS))
    assert len(begun) < PARTS


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
