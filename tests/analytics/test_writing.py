from dataclasses import replace

import numpy as np
import pytest

from analytics import writing
from analytics.body import Body, Estimate
from tests.analytics import bodies

WHOLE = bodies.body()


def test_what_is_written_is_read_back_the_same():
    assert writing.read(writing.written(WHOLE), Body) == WHOLE


def test_the_order_of_means_changes_no_byte():
    first, *others = WHOLE.arms
    turned = replace(first, means=dict(reversed(first.means.items())))
    assert writing.written(replace(WHOLE, arms=(turned, *others))) == writing.written(WHOLE)


def test_numbers_of_arrays_are_written_as_any_others():
    first, *others = WHOLE.judged
    each = Estimate(*(np.float64(value) for value in (0.5, 0.25, 0.75, 0.125)))
    body = replace(WHOLE, judged=(replace(first, always=each), *others))
    assert writing.read(writing.written(body), Body).judged[0].always == Estimate(0.5, 0.25, 0.75, 0.125)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_refused_and_not_written_as_unknown(number):
    body = replace(WHOLE, arms=(replace(WHOLE.arms[0], means={"margin": number}),))
    with pytest.raises(ValueError, match="not finite"):
        writing.written(body)


def test_a_digest_is_that_of_the_bytes():
    assert writing.digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
