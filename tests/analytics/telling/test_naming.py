import pytest

from analytics.body import Check
from analytics.telling import naming


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("fine", "Enough members to go by"),
        ("look", "Few members to go by"),
        ("stop", "Few members to go by"),
        ("unknown", "Not checked: how many members it takes"),
    ],
)
def test_a_check_is_called_by_what_it_found(state, said):
    assert naming.name(Check("enough_members", state, "")) == said


def test_a_new_check_is_called_by_its_own_name():
    assert naming.name(Check("sent_twice", "look", "")) == "Sent twice"


@pytest.mark.parametrize("name", sorted(set(naming.NAMES) - {"daily_looks"}))
def test_what_is_wrong_is_never_called_as_if_it_held(name):
    """How often a report was read is told, and never wrong."""
    found = naming.NAMES[name]
    assert found.holds != found.wrong
