from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread_for_small_products() -> Iterator[None]:
    """Tests run side by side, and the threads of small matrix products only wait for one another."""
    with threadpool_limits(1, user_api="blas"):
        yield
