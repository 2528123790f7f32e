from loyalty.files.kinds import ASSIGNMENTS, KINDS, MEMBERS, PURCHASES
from loyalty.models.consent import Channel, Purpose
from loyalty.models.purchase import Purchase


def test_there_are_ten_kinds():
    entities = {"stores", "products", "stock", "members", "consents", "purchases", "events"}
    assert set(KINDS) == entities | {"offers", "campaigns", "assignments"}


def test_a_kinds_key_is_made_of_its_own_required_columns():
    for kind in KINDS.values():
        assert set(kind.key) <= set(kind.required())


def test_a_member_may_have_columns_of_the_retailers_own():
    column = MEMBERS.column("attr_colour")
    assert column is not None
    assert column.type == "attribute"


def test_a_purchase_may_not():
    assert PURCHASES.column("attr_colour") is None


def test_references_are_kept_as_written_in_every_kind():
    for kind in KINDS.values():
        assert all(column.type == "reference" for column in kind.columns if column.name.endswith("_ref"))


def test_an_arm_may_have_any_name():
    column = ASSIGNMENTS.column("arm")
    assert column is not None
    assert not column.choices


def test_choices_are_those_that_can_be_stored():
    consents = KINDS["consents"]
    assert consents.column("purpose").choices == tuple(Purpose.values)
    assert consents.column("channel").choices == tuple(Channel.values)
    assert PURCHASES.column("channel").choices == tuple(Purchase.Channel.values)
