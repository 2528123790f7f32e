import json

from tests.loyalty.files.reading import PURCHASES, read


def test_a_row_is_rejected_once_by_its_first_cell_at_fault(file):
    _, rejects = read(file(f"{PURCHASES}\nl1,b1,02/03/2026,x,1\n"), "purchases")
    assert [(reject.line, reject.column, reject.value) for reject in rejects] == [(2, "purchased_at", "02/03/2026")]
    assert rejects[0].reason.endswith("(also at fault in this row: quantity)")


def test_the_other_rows_are_kept(file):
    rows, rejects = read(
        file(f"{PURCHASES}\nl1,b1,2026-03-02,1,1\nl2,b1,never,1,1\nl3,b1,2026-03-02,1,1\n"), "purchases"
    )
    assert [(row["line_ref"], row["line"]) for row in rows] == [("l1", 2), ("l3", 4)]
    assert [reject.line for reject in rejects] == [3]


def test_a_required_cell_that_is_empty_is_at_fault(file):
    _, (reject,) = read(file(f"{PURCHASES}\n ,b1,2026-03-02,1,1\n"), "purchases")
    assert (reject.column, reject.reason) == ("line_ref", "is empty, and must not be")


def test_a_consent_to_no_channel_in_particular_is_taken(file):
    header = "member_ref,purpose,channel,granted,at"
    (row,), _ = read(file(f"{header}\nm1,personalisation,,false,2026-03-02\n"), "consents")
    assert row["channel"] is None


def test_the_table_has_the_files_columns_only(file):
    (row,), _ = read(file("tier,member_ref\ngold,m1\n"), "members")
    assert set(row) == {"tier", "member_ref", "line"}


def test_attributes_are_one_object_in_which_the_unknown_is_null(file):
    content = 'member_ref,attr_a,attr_b,attr_c\nm1,1.5,"say ""hi""",\nm2,,true,2026-03-02\nm3,,,\n'
    rows, _ = read(file(content), "members")
    assert [json.loads(row["attributes"]) for row in rows] == [
        {"a": 1.5, "b": 'say "hi"', "c": None},
        {"a": None, "b": True, "c": "2026-03-02"},
        {"a": None, "b": None, "c": None},
    ]


def test_an_attributes_type_does_not_depend_on_its_neighbours(file):
    rows, _ = read(file("member_ref,attr_a\nm1,1\nm2,x\nm3,2\n"), "members")
    assert [json.loads(row["attributes"])["a"] for row in rows] == [1, "x", 2]


def test_a_long_value_is_cut_short_in_its_reject(file):
    _, (reject,) = read(file(f"{PURCHASES}\n{'x' * 5000},b1,2026-03-02,1,1\n"), "purchases")
    assert len(reject.value) == 200
