import threading
import time

import pytest

from loyalty.files.ahead import in_order


def test_results_come_in_the_order_of_the_jobs():
    jobs = [lambda pause=pause: (time.sleep(pause), pause)[1] for pause in (0.02, 0.0, 0.01)]
    assert list(in_order(jobs, threads=3)) == [0.02, 0.0, 0.01]


def test_only_a_few_jobs_are_begun_ahead():
    begun = []
    results = in_order((lambda number=number: begun.append(number) for number in range(100)), threads=2)
    next(results)
    assert len(begun) <= 3
    results.close()


def test_an_error_comes_out_where_its_result_would():
    def fail():
        raise LookupError

    results = in_order([lambda: 1, fail], threads=1)
    assert next(results) == 1
    with pytest.raises(LookupError):
        next(results)


def test_jobs_run_beside_the_reader():
    assert next(in_order([threading.current_thread], threads=1)) is not threading.current_thread()
