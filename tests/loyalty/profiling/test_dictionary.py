from loyalty.profiling import dictionary


def test_age_is_marked_as_sensitive() -> None:
    assert dictionary.FIXED["age"].sensitive
