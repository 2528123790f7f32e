import pytest

from loyalty.profiling.history.paths import above, as_path, outermost


@pytest.mark.parametrize("written", ["Grocery > Coffee", "Grocery>Coffee", " Grocery  >  Coffee "])
def test_a_path_is_written_in_one_way(written: str) -> None:
    assert as_path(written) == "Grocery > Coffee"


def test_a_category_is_in_those_its_path_begins_with() -> None:
    assert above("Grocery > Coffee > Whole") == ["Grocery", "Grocery > Coffee"]
    assert above("Grocery") == []


def test_a_category_in_another_one_says_nothing_more() -> None:
    assert outermost(["Grocery > Coffee", "Home", "Grocery", "Homeware"]) == ["Grocery", "Home", "Homeware"]
