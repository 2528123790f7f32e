from analytics.measurement.validity import Guard, hiding


def test_only_a_guard_that_stops_hides_the_lift() -> None:
    guards = [Guard(name, name, "") for name in ("fine", "look", "stop", "unknown")]
    assert [guard.name for guard in hiding(guards)] == ["stop"]
