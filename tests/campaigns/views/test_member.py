import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import timeline
from campaigns.models import Delivery
from loyalty import aliases, consent, identity, preferences, profiles, segmentation, stated
from loyalty.models import Event, Member, Reveal
from loyalty.models.consent import Purpose
from loyalty.segmentation.protecting import MEANING
from tests import making
from tests.bringing import bring
from tests.making import DAY, NOON
from tests.reading import PART, is_part, words

__all__ = ["bring"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture(autouse=True)
def noon_everywhere(settings):
    settings.CLOCK = "tests.campaigns.views.test_member.noon"


def noon():
    return NOON


@pytest.fixture
def show(as_, noor):
    def show(member, headers=None, by=noor, **query):
        return as_(by).get(reverse("member", args=[member.ref]), query, headers=headers)

    return show


@pytest.fixture
def decide(mara, abel):
    """Give a member an offer in a new campaign and send it."""
    terms = making.approved_terms(author=mara, approver=abel, name="Tea week")

    def give(member, name="Spring", *, held_out=False):
        run = making.run(making.campaign(name=name), terms)
        offer = run.offers.get()
        making.decision(run, member, offer=None if held_out else offer, held_out=held_out)
        if not held_out:
            Delivery.objects.create(run=run, member=member, run_offer=offer, channel="email", state="sent", at=NOON)
        return run

    return give


def buy(member, days_ago, **facts):
    return making.purchase(member, at=NOON - days_ago * DAY, product=making.product(), channel="store", **facts)


# -- who is this, and why did they get that ----------------------------------------------------------------------------


def test_first_sentence_says_who_it_is(show):
    member = making.member()
    for days in (40, 30, 20, 10):
        buy(member, days)
    buy(making.member(), 1)  # so that purchases are fresh
    profiles.build(NOON.date(), at=NOON)
    said = "New for 39 days: last shopped 10 days ago, usually every 10 days, for €10.00 each time, in store."
    page = words(show(member))
    assert said in page
    assert "Spends most on Coffee." in page


def test_a_member_who_never_bought_is_told_as_such(show):
    member = making.member(joined_on="2026-01-01")
    buy(making.member(), 3)
    profiles.build(NOON.date(), at=NOON)
    assert "Has never bought anything in the 60 days since joining." in words(show(member))


def test_a_member_who_came_after_the_profiles_is_told_as_such(show):
    buy(making.member(), 3)
    profiles.build(NOON.date(), at=NOON)
    assert "they are in no profile yet." in words(show(making.member()))


def test_second_sentence_says_what_they_got_and_why(show, decide):
    member = making.member()
    decide(member)
    said = "On 2 March 2026, “Spring” gave them Tea week . What it was expected to bring is told with the decision."
    assert said in words(show(member))


def test_whoever_was_held_out_is_told_so(show, decide):
    member = making.member()
    decide(member, held_out=True)
    page = words(show(member))
    assert "“Spring” gave them nothing, to compare with." in page
    assert "falls into the 10 % who get nothing." in page


def test_what_was_withheld_from_a_held_out_member_is_told(show, decide):
    member = making.member()
    run = decide(making.member())
    making.decision(run, member, held_out=True, withheld=run.offers.get())
    page = words(show(member))
    assert "“Tea week” would have been given, and was withheld to measure what it brings." in page
    assert "held out (Tea week withheld)" in page


def test_who_takes_part_in_nothing_is_told_so(show, decide):
    member = making.member()
    run = decide(making.member())
    making.decision(run, member, arm="universal", held_out=True)
    page = words(show(member))
    assert "Takes part in nothing this year, so that we can tell what the programme brings." in page
    assert "decided: takes part in nothing this year" in page


def test_the_generic_group_is_told_that_the_offer_is_the_same_for_all(show, decide):
    member = making.member()
    run = decide(making.member())
    making.decision(run, member, arm="generic", offer=run.offers.get())
    assert "It is the one offer that is best for all, which a part of the members gets" in words(show(member))


def test_a_decision_leads_to_why(show, decide):
    member = making.member()
    run = decide(member)
    assert reverse("decision", args=[run.pk, member.ref]) in show(member).content.decode()


def test_offer_that_can_be_used_is_told_with_its_uses(show, decide):
    member = making.member()
    run = decide(member)
    making.purchase(member, at=NOON, offer_ref=run.offers.get().offer.ref)
    page = words(show(member))
    assert "Tea week without an end; used in 1 basket since." in page
    assert "Spring, decided 2 Mar 2026" in page


def test_a_member_of_whom_nothing_is_known_is_told_as_such(show):
    page = words(show(making.member(email=None)))
    for said in (
        "Nothing is known of how this member shops: no profiles are built yet.",
        "None: no campaign that still runs gave this member an offer that can be used today.",
        "Nothing of this kind is known of this member.",
        "No contact details are known.",
        "In none of them.",
    ):
        assert said in page


def test_a_member_who_is_not_there_is_not_found(as_, noor):
    assert as_(noor).get(reverse("member", args=["nobody"])).status_code == 404


def test_what_another_member_got_is_not_shown(show, decide):
    decide(making.member(), name="Spring")
    assert "Spring" not in words(show(making.member()))


def test_members_who_are_one_person_lead_to_one_another(show):
    kept, other = making.member(ref="A"), making.member(ref="B")
    buy(other, 3)
    identity.merge(kept, other, by=None, at=NOON, why="the same e-mail address")
    assert "Counts as A ," in words(show(other))
    page = words(show(kept))
    assert "Also known as B ," in page
    assert "Bought 1 line" in page


# -- what is known -----------------------------------------------------------------------------------------------------


def test_segment_is_told_with_the_reason(show, mara):
    member = making.member()
    buy(member, 5)
    profiles.build(NOON.date(), at=NOON)
    rule = {"all": [{"feature": "recency_days", "is": "at_most", "value": 10}]}
    segmentation.save(None, name="Recent", rule=rule, by=mara, at=NOON)
    assert "Recent Days since last purchase is 5, which is at most 10." in words(show(member))


def test_what_a_member_allows_is_told_by_channel(show):
    member = making.member()
    making.grant(member, "email")
    page = words(show(member)).lower()
    assert "offers by e-mail yes" in page
    assert "offers by app inbox no" in page


def test_consent_is_told_with_when_how_and_what_was_shown(show):
    member = making.member()
    said = {"channel": "email", "source": "till", "wording": "May we write to you?"}
    consent.record(member, purpose=Purpose.MARKETING, granted=True, at=NOON, **said)
    told = "2 Mar 2026, 12:00: agreed to “Send me offers” by e-mail By till. Shown: “May we write to you?”"
    assert told in words(show(member))


def test_what_a_member_told_us_is_told_with_its_source_time_and_purpose_and_what_is_sensitive(show):
    member, other = making.member(), making.member()
    stated.tell(member, "diet", ["pork"], source="preference page", at=NOON)
    stated.tell(member, "sustainable", ["first"], source="preference page", at=NOON)
    stated.tell(other, "diet", ["nuts"], source="preference page", at=NOON)
    said = words(show(member))
    assert f"“I do not eat or drink pork.” Sensitive {MEANING} Told on 2 Mar 2026, 12:00, preference page." in said
    assert "For keeping away offers that contain it." in said
    assert "“I want what is sustainable first.” Told on" in said
    assert "nuts" not in said


def test_of_a_person_with_two_references_all_they_told_us_is_told(show):
    member, other = making.member(), making.member()
    stated.tell(other, "diet", ["nuts"], source="preference page", at=NOON)
    assert "Nothing yet of what they like" in words(show(member))
    identity.merge(member, other, by=None, at=NOON, why="test")
    assert "I do not eat or drink nuts." in words(show(member))


def test_record_and_profile_say_as_of_when_and_what_is_sensitive(show):
    member = making.member(tier="gold", birth_year=1980, attributes={"has_dog": True})
    buy(member, 5)
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member))
    assert "Tier gold" in page
    assert "Has dog yes From a members file; which one was not kept." in page
    assert "As of the start of 2 March 2026." in page
    assert f"Age (at least) Sensitive {MEANING} 45 years" in page


def test_shopping_stands_in_one_table_by_department(show):
    member = making.member()
    buy(member, 5)
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member))
    assert "Department Against average 30 days 90 days 365 days Coffee 1.0 × €10.00 1 purchase ×" in page
    assert "Spend on Coffee in the last" not in page


def test_numbers_carry_a_unit_where_their_name_does_not_say_it(show):
    member = making.member()
    buy(member, 1)
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member))
    assert "Days since last purchase 1 day " in page
    assert "Baskets ever 1 Products per basket 1 " in page


def test_what_counts_as_unknown_says_why(show):
    member = making.member()
    buy(member, 20)
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member))
    assert "The newest purchases are of 10 February 2026, and what rests on purchases" in page


# -- what happened -----------------------------------------------------------------------------------------------------


def test_basket_is_told_with_its_lines(show):
    member = making.member()
    for name, net in (("Tea", "4"), ("Jam", "2.50")):
        product = making.product(name=name)
        making.purchase(member, at=NOON, net=net, basket_ref="b", product=product, channel="online")
    page = words(show(member))
    assert "Bought 2 lines for €6.50 (online)" in page
    assert "Tea €4.00" in page


def test_the_newest_baskets_are_open_and_the_others_are_folded(show):
    member = making.member()
    for days in range(5):
        buy(member, days)
    assert show(member).content.decode().count("<details open>") == 3


def test_message_and_event_are_told_in_words(show, decide):
    member = making.member()
    decide(member, name="Spring")
    Event.objects.create(ref="e", member=member, at=NOON, kind="search", text="oat milk", channel="app")
    page = words(show(member))
    assert "E-mail sent: Tea week (Spring)" in page
    assert "Searched for “oat milk” (app)" in page


def test_stages_are_dated(show):
    member = making.member(joined_on="2020-05-06")
    for days in (400, 390, 380):
        buy(member, days)
    buy(making.member(), 1)  # so that purchases are fresh
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member, kind="stage"))
    assert "6 May 2020 Joined" in page
    assert "Became lapsing" in page


def test_one_kind_is_a_part_of_its_own(show):
    member = making.member()
    buy(member, 5)
    Event.objects.create(ref="e", member=member, at=NOON, kind="visit")
    part = show(member, headers=PART, kind="event")
    assert is_part(part)
    assert "Visited" in words(part)
    assert "Bought" not in words(part)


def test_earlier_follows_on_from_the_page_before(show, monkeypatch):
    monkeypatch.setattr(timeline, "PER_PAGE", 2)
    member = making.member()
    for days in range(3):
        Event.objects.create(ref=f"e{days}", member=member, at=NOON - days * DAY, kind="search", text=f"word {days}")
    first = show(member)
    before = first.context["timeline"].earlier.isoformat()
    part = show(member, headers={**PART, "HX-Target": "earlier"}, before=before)
    assert is_part(part)
    assert "word 2" in words(part)
    assert "What happened" not in words(part)
    assert "Back to the newest" in words(show(member, before=before))


@pytest.mark.parametrize("query", [{"before": "yesterday"}, {"before": "2026-01-01"}, {"kind": "nonsense"}])
def test_question_that_was_made_up_shows_the_newest(show, query):
    member = making.member()
    Event.objects.create(ref="e", member=member, at=NOON, kind="visit")
    assert "Visited" in words(show(member, **query))


def test_page_asks_once_for_the_newest_profiles_beside_what_knows_the_member(show):
    member = making.member()
    with CaptureQueriesContext(connection) as queries:
        show(member)
    assert sum('FROM "loyalty_snapshot"' in query["sql"] for query in queries) == 2


def test_page_asks_once_who_else_a_person_is(show, monkeypatch):
    asked, everyone_of = [], aliases.everyone_of
    monkeypatch.setattr(
        "campaigns.views.member.aliases.everyone_of", lambda keys: asked.append(keys) or everyone_of(keys)
    )
    member = making.member()
    show(member)
    assert asked == [[member.pk]]


def test_queries_do_not_grow_with_what_a_member_has(show, decide):
    member = making.member()

    def asked(count):
        for number in range(count):
            decide(member)
            buy(member, number)
        with CaptureQueriesContext(connection) as queries:
            show(member)
        return len(queries)

    assert asked(1) == asked(4)


# -- contact details ---------------------------------------------------------------------------------------------------


@pytest.fixture
def reveal(as_, otto):
    def reveal(member, *, by=otto, headers=None, **said):
        return as_(by).post(reverse("member_reveal", args=[member.ref]), said, headers=headers)

    return reveal


def test_contact_details_are_masked(show, otto):
    page = words(show(making.member(email="iris@example.com"), by=otto))
    assert "i•••@e••••.com" in page
    assert "iris@example.com" not in page
    assert "Iris" not in page


@pytest.mark.parametrize("headers", [None, PART])
def test_contact_details_are_shown_to_who_says_why(reveal, headers):
    response = reveal(making.member(email="iris@example.com"), reason="asked", headers=headers)
    page = words(response)
    assert "iris@example.com" in page
    assert "The member asked us something By otto , 2 Mar 2026, 12:00" in page
    assert is_part(response) == bool(headers)
    assert "no-store" in response["Cache-Control"]


def test_without_a_reason_they_stay_masked(reveal):
    response = reveal(making.member(email="iris@example.com"))
    assert response.status_code == 422
    assert "Choose why you need to see the contact details" in words(response)
    assert "iris@example.com" not in words(response)


@pytest.mark.parametrize("name", ["noor", "mara", "abel", "ana"])
def test_whoever_may_not_see_them_is_refused_and_nothing_is_written_down(reveal, request, name):
    response = reveal(making.member(email="iris@example.com"), by=request.getfixturevalue(name), reason="asked")
    assert response.status_code == 403
    assert "Only the operator sees contact details." in words(response)
    assert "iris@example.com" not in words(response)
    assert not Reveal.objects.exists()


def test_who_saw_them_is_told_to_those_who_may(show, reveal, otto):
    member = making.member()
    reveal(member, reason="legal")
    assert "A legal request has to be answered By otto" in words(show(member, by=otto))
    assert "Seen 1 time" not in words(show(member))


def test_the_operator_ends_links_that_were_sent_and_the_page_says_so(as_, otto, mara):
    member = making.member()
    before = preferences.path_for(member)
    path = f"/members/{member.ref}/"
    assert as_(mara).post(f"{path}end-links/").status_code == 403
    assert as_(otto).post(f"{path}end-links/", follow=True).status_code == 200
    assert as_(otto).get(before).status_code == 404
    assert "Links sent earlier were ended. By otto" in words(as_(mara).get(path))


def test_the_links_of_whoever_is_the_same_person_end_too_and_say_so(as_, otto):
    member, other = making.member(), making.member()
    before = preferences.path_for(other)
    identity.merge(member, other, by=otto, at=NOON, why="test")
    as_(otto).post(f"/members/{member.ref}/end-links/")
    assert as_(otto).get(before).status_code == 404
    assert "Links sent earlier were ended. By otto" in words(as_(otto).get(f"/members/{other.ref}/"))


def test_what_went_out_of_date_is_named_with_since_when_and_what_to_do(show, settings):
    member = making.member()
    buy(member, 1)
    profiles.build(NOON.date(), at=NOON)
    assert "out of date" not in words(show(member))
    settings.CLOCK = "tests.campaigns.views.test_member.nine_days_later"
    page = words(show(member))
    assert "Part of this is out of date, and taken for unknown." in page
    assert "That is Days since last purchase, What they buy, " in page
    assert "How this member shops is unknown" in page
    assert "The newest purchases are of 1 March 2026, and what rests on purchases" in page


def nine_days_later():
    return NOON + 9 * DAY


# -- what the law protects ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["noor", "mara", "abel", "ana", "otto"])
def test_postcode_and_day_of_birth_are_hidden_from_every_role(show, request, role):
    member = making.member(postcode="LS2 7EE", attributes={"dob": "1984-05-12", "shoe_size": 0})
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member, by=request.getfixturevalue(role)))
    assert "Postcode LS•••" in page
    assert "Dob ••• Sensitive" in page
    assert page.count("Shoe size 0") == 2  # in the record and in the profile, where a day of birth would stand too
    assert "7EE" not in page
    assert "1984" not in page


def test_an_operator_with_a_reason_sees_them(as_, otto):
    member = making.member(postcode="LS2 7EE", attributes={"dob": "1984-05-12"})
    page = words(as_(otto).post(reverse("member_reveal", args=[member.ref]), {"reason": Reveal.Reason.values[0]}))
    assert "Postcode LS2 7EE Dob 1984-05-12" in page


def test_own_columns_are_marked_that_are_sensitive_by_name_or_by_the_retailers_word(show, settings):
    settings.RETAILER_SENSITIVE = ["attr_diet"]
    member = making.member(attributes={"diet": "vegan", "religion": "none", "pet": "cat"})
    buy(member, 1)
    profiles.build(NOON.date(), at=NOON)
    page = words(show(member))
    for marked in (
        "Diet vegan Sensitive",
        "Religion none Sensitive",
        f"Diet Sensitive {MEANING} vegan",
        f"Religion Sensitive {MEANING} none",
    ):
        assert marked in page
    assert "Pet cat Sensitive" not in page
    assert "Pet Sensitive" not in page


# -- from where, and since when ----------------------------------------------------------------------------------------


def test_the_record_names_the_file_that_last_changed_this_member_and_not_the_last_file(show, bring):
    bring("members", "member_ref,tier\nm-told,Gold\nm-other,Gold\n", at=NOON - 9 * DAY)
    bring("members", "member_ref,tier\nm-told,Gold\nm-other,Silver\n", at=NOON - 2 * DAY)
    told, other = (words(show(Member.objects.get(ref=ref))) for ref in ("m-told", "m-other"))
    assert "Last changed by members.csv , loaded on 21 Feb 2026, 12:00." in told
    assert "Last changed by members.csv , loaded on 28 Feb 2026, 12:00." in other


def test_a_contact_that_changed_counts_as_the_members(show, bring):
    for days, address in ((9, "a@x.org"), (2, "b@x.org")):
        bring("members", f"member_ref,email\nm-told,{address}\n", at=NOON - days * DAY)
    assert "loaded on 28 Feb 2026" in words(show(Member.objects.get(ref="m-told")))
