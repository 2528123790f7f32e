import pytest

from loyalty.files import header
from loyalty.files.kinds import KINDS, MEMBERS, PURCHASES, STORES
from loyalty.files.refusal import FileRefused


def names(*columns, kind=MEMBERS):
    return [column.name for column in header.columns(columns, kind)]


def test_the_first_line_is_split_off():
    assert header.split(b"store_ref, name\r\n1,A\n") == (["store_ref", "name"], b"1,A\n", 2)


def test_a_byte_order_mark_is_no_part_of_a_name():
    assert header.split(b"\xef\xbb\xbfstore_ref,name")[0] == ["store_ref", "name"]


def test_lines_are_counted_from_the_files_beginning():
    assert header.split(b'\n"store_ref\n",name\nx,y')[2] == 4


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\n"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(FileRefused, match="empty"):
        header.split(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("store_ref,name\n".encode("utf-16-le"), "NUL bytes"),
        ("größe,name\n".encode("cp1252"), "not UTF-8"),
        (b'store_ref,na"me\n', "check its quotes"),
        (b'"store_ref,name\n', "check its quotes"),
        (b"x" * 200_000, "cannot be read"),
        (b"x" * 2 * 2**20, "cannot be read"),
    ],
)
def test_a_first_line_that_cannot_be_read_is_refused(content, words):
    with pytest.raises(FileRefused, match=words):
        header.split(content)


def test_columns_may_come_in_any_order():
    assert names("tier", "member_ref") == ["tier", "member_ref"]


def test_a_missing_column_is_refused_by_name():
    with pytest.raises(FileRefused, match="lacks the columns “basket_ref”, “purchased_at”"):
        names("line_ref", "quantity", "net_amount", kind=PURCHASES)


def test_an_unknown_column_is_refused_by_name_with_the_likeliest():
    with pytest.raises(FileRefused, match=r"“Member_Ref” \(did you mean “member_ref”"):
        names("Member_Ref")


def test_a_repeated_column_is_refused_by_name():
    with pytest.raises(FileRefused, match="column “tier” more than once"):
        names("member_ref", "tier", "tier")


def test_a_column_without_name_is_refused_by_its_place():
    with pytest.raises(FileRefused, match="Column 2 has no name"):
        names("member_ref", "")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_refused(separator):
    with pytest.raises(FileRefused, match="with commas"):
        header.columns([separator.join(["store_ref", "name"])], STORES)


def test_the_retailers_own_columns_are_taken():
    assert names("member_ref", "attr_shoe_size") == ["member_ref", "attr_shoe_size"]


@pytest.mark.parametrize("name", ["attr_", "attr_Größe", "attr_a b", "attr_" + "x" * 61, 'attr_"'])
def test_the_retailers_own_columns_have_plain_names(name):
    with pytest.raises(FileRefused, match="rename"):
        names("member_ref", name)


def test_ten_thousand_columns_are_refused_in_one_short_sentence():
    with pytest.raises(FileRefused, match="10,001 columns") as refused:
        names("member_ref", *(f"attr_{number}" for number in range(10_000)))
    assert len(str(refused.value)) < 200


def test_many_unknown_columns_are_refused_in_one_short_sentence():
    with pytest.raises(FileRefused, match="and 295 more") as refused:
        names("member_ref", *("y" * 300 + str(number) for number in range(300)))
    assert len(str(refused.value)) < 1500


def test_every_kind_takes_a_header_of_all_its_columns():
    for kind in KINDS.values():
        everything = [column.name for column in kind.columns]
        assert names(*everything, kind=kind) == everything
