from analytics.measurement.validity.guard import by_limit


def judged(figure: float) -> tuple[str, str]:
    guard = by_limit(
        "late", figure, limit=0.05, fine="{figure:.0%} late.", stop="{figure:.0%} late, more than {limit:.0%}."
    )
    return guard.state, guard.sentence


def test_a_guard_stops_above_its_limit_and_not_at_it() -> None:
    assert judged(0.05) == ("fine", "5% late.")
    assert judged(0.07) == ("stop", "7% late, more than 5%.")
