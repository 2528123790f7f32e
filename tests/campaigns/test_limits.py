import pytest

from campaigns.limits import Limits, Promise, conflicts


def fields(**asked):
    return [conflict.field for conflict in conflicts(Limits(channels=["email", "app"], **asked))]


BEANS = Promise(1, "Beans", least=30, most=40)
CUPS = Promise(2, "Cups", least=20)


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ({"offers": [Promise(1, "Beans", least=41, most=40)]}, ["least_1"]),
        ({"offers": [Promise(1, "Beans", least=40, most=40)]}, []),
        ({"offers": [Promise(1, "Beans", most=0)]}, []),
        ({"offers": [BEANS, CUPS], "contacts": 49}, ["contact_limit"]),
        ({"offers": [BEANS, CUPS], "contacts": 50}, []),
        ({"offers": [BEANS, CUPS], "capacities": {"email": 40, "app": 9}}, ["capacity_email"]),
        ({"offers": [BEANS, CUPS], "capacities": {"email": 40, "app": 10}}, []),
        ({"offers": [BEANS, CUPS], "capacities": {"email": 1}}, []),
        ({"offers_each": 3, "contacts_per_member": 2}, ["contacts_per_member"]),
        ({"offers_each": 2, "contacts_per_member": 2}, []),
        ({"offers_each": 3}, []),
    ],
)
def test_a_limit_that_another_rules_out_is_named(asked, at):
    assert fields(**asked) == at


def test_each_conflict_names_both_limits_and_says_what_to_do():
    (conflict,) = conflicts(Limits(offers=[Promise(1, "Beans", least=1_200, most=40)]))
    assert conflict.sentence == (
        "Beans: the minimum of 1,200 members is above its limit of 40. Lower the one or raise the other."
    )


def test_the_channels_that_carry_too_little_are_named():
    asked = Limits(channels=["email", "app"], capacities={"email": 1, "app": 2}, offers=[CUPS])
    (conflict,) = conflicts(asked)
    assert "come to 20 offers, and e-mail and app inbox can carry 3" in conflict.sentence


def test_all_that_conflicts_is_told_at_once():
    asked = {
        "offers": [Promise(1, "Beans", least=9, most=4)],
        "contacts": 5,
        "offers_each": 3,
        "contacts_per_member": 1,
    }
    assert fields(**asked) == ["least_1", "contact_limit", "contacts_per_member"]
