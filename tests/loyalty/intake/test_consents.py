import pytest

from loyalty import consent
from loyalty.models import Consent, Member
from tests.bringing import fates, rejects

HEADER = "member_ref,purpose,channel,granted,at"


def test_a_grant_from_a_file_makes_a_member_contactable(shop):
    shop("consents", f"{HEADER}\nm1,marketing,email,true,2026-03-01\n")
    assert consent.contactable("email") == {Member.objects.get(ref="m1").pk}


def test_a_later_withdrawal_holds_in_whatever_order_the_file_has_them(shop):
    rows = "m1,marketing,email,false,2026-03-02\nm1,marketing,email,true,2026-03-01\n"
    assert shop("consents", f"{HEADER}\n{rows}").loaded == 2
    assert consent.contactable("email") == set()


def test_wording_and_source_are_kept(shop):
    shop("consents", f"{HEADER},wording,source\nm1,personalisation,,true,2026-03-01,I agree,till 4\n")
    kept = Consent.objects.get()
    assert (kept.channel, kept.wording, kept.source) == ("", "I agree", "till 4")


def test_the_same_file_again_changes_nothing(shop):
    content = f"{HEADER}\nm1,marketing,email,true,2026-03-01\nm2,personalisation,,false,2026-03-01\n"
    shop("consents", content)
    assert fates(shop("consents", content)) == (0, 0, 2, 0)


def test_other_wording_for_the_same_moment_is_rejected(shop):
    shop("consents", f"{HEADER},wording\nm1,marketing,email,true,2026-03-01,I agree\n")
    result = shop("consents", f"{HEADER},wording\nm1,marketing,email,true,2026-03-01,I disagree\n")
    assert rejects(result)[0][:3] == (2, "member_ref", "m1")
    assert Consent.objects.get().wording == "I agree"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("m9,marketing,email,true,2026-03-01", "member_ref"),
        ("m1,marketing,,true,2026-03-01", "channel"),
        ("m1,personalisation,email,true,2026-03-01", "channel"),
        ("m1,marketing,fax,true,2026-03-01", "channel"),
        ("m1,selling,email,true,2026-03-01", "purpose"),
        ("m1,marketing,email,perhaps,2026-03-01", "granted"),
    ],
)
def test_a_consent_that_means_nothing_is_rejected(shop, row, column):
    ((_, at_fault, _, _),) = rejects(shop("consents", f"{HEADER}\n{row}\n"))
    assert at_fault == column
