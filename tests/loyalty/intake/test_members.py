import datetime as dt

from loyalty.models import Contact, Member
from tests.bringing import fates, rejects


def test_a_member_and_their_contact_are_kept_apart(shop):
    shop(
        "members",
        "member_ref,joined_on,birth_year,home_store_ref,first_name,email\nm3,2024-02-29,1980,s1,Iris,i@x.org\n",
    )
    member = Member.objects.get(ref="m3")
    assert (member.joined_on, member.birth_year, member.home_store.ref) == (dt.date(2024, 2, 29), 1980, "s1")
    assert (member.contact.first_name, member.contact.email) == ("Iris", "i@x.org")


def test_a_member_without_any_detail_has_no_contact(shop):
    assert not Contact.objects.exists()


def test_an_unknown_home_store_is_rejected(bring):
    result = bring("members", "member_ref,home_store_ref\nm1,s9\n")
    assert rejects(result) == [(2, "home_store_ref", "s9", "is not known: load the stores first")]


def test_a_contact_is_updated_with_its_member(shop):
    shop("members", "member_ref,email\nm1,old@x.org\n")
    assert fates(shop("members", "member_ref,email\nm1,new@x.org\n")) == (0, 1, 0, 0)
    assert Contact.objects.get().email == "new@x.org"


def test_a_contact_can_be_emptied(shop):
    shop("members", "member_ref,email\nm1,old@x.org\n")
    shop("members", "member_ref,email\nm1,\n")
    assert Contact.objects.get().email == ""


def test_attributes_are_typed(bring):
    bring("members", "member_ref,attr_pets,attr_vegan,attr_team\nm1,2,true,red\n")
    assert Member.objects.get().attributes == {"pets": 2, "vegan": True, "team": "red"}


def test_a_file_changes_only_the_attributes_that_it_has(bring):
    bring("members", "member_ref,attr_pets,attr_vegan\nm1,2,true\n")
    bring("members", "member_ref,attr_vegan,attr_team\nm1,,red\n")
    assert Member.objects.get().attributes == {"pets": 2, "team": "red"}


def test_the_same_file_again_changes_nothing(bring):
    content = "member_ref,email,attr_pets\nm1,a@x.org,2\nm2,,\n"
    bring("members", content)
    assert fates(bring("members", content)) == (0, 0, 2, 0)


def test_the_last_line_about_a_member_holds(bring):
    result = bring("members", "member_ref,tier\nm1,silver\nm1,gold\nm1,gold\nm1,silver\n")
    assert fates(result) == (1, 0, 3, 0)
    assert Member.objects.get().tier == "silver"


def test_a_change_that_is_taken_back_in_the_file_is_no_change(bring):
    bring("members", "member_ref,tier\nm1,silver\n")
    assert fates(bring("members", "member_ref,tier\nm1,gold\nm1,silver\n")) == (0, 0, 2, 0)
    assert Member.objects.get().tier == "silver"


def test_references_that_look_alike_are_different_members(bring):
    assert bring("members", "member_ref\nm1\nM1\nm1 \n0m1\n").loaded == 4
