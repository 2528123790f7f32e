import shutil
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import building, launching, pacing
from campaigns import run as runs
from campaigns.models import Chunk, Delivery, Run
from campaigns.pacing import Later
from loyalty import clock, profiles
from tests import making
from tests.campaigns.conftest import TODAY
from tests.reading import PART, is_part, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel, name="Tea week")


@pytest.fixture
def working(terms):
    """A run that delivers: half of its messages are out."""
    made = making.run(making.campaign(name="Spring", state="running"), terms)
    for number, done_at in enumerate([making.NOON, None]):
        Chunk.objects.create(run=made, stage="deliver", number=number, members=200, done_at=done_at)
    return made


@pytest.fixture
def decided(working):
    """One member with the offer, one with nothing, one held out."""
    for ref, facts in {"M-1": {"offer": working.offers.get()}, "M-2": {}, "N-3": {"held_out": True}}.items():
        making.decision(working, making.member(ref=ref), **facts)
    return working


@pytest.fixture
def exploring(draft, mara, monkeypatch, mailoutbox):
    """A run in which chance decided for half of the members."""
    return carried_out(building.change(draft, share_explored=Decimal("0.5")), mara, monkeypatch)


@pytest.fixture
def of_two(draft, mara, abel, monkeypatch, mailoutbox):
    """A run that gives members two of three offers, of which two are of one department."""
    tea = making.approved_terms(author=mara, approver=abel, name="Tea", category="Tea").offer
    building.choose_offers(draft, [*(each.offer for each in draft.offers.all()), tea])
    return carried_out(building.change(draft, offers_each=2), mara, monkeypatch)


@pytest.fixture
def finished(draft, mara, monkeypatch, mailoutbox):
    """A run carried out to its end, as workers do."""
    return carried_out(draft, mara, monkeypatch)


def carried_out(draft, mara, monkeypatch):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    runs.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    return launched


@pytest.fixture
def get(as_, noor):
    """Ask as someone without any role."""

    def ask(route, *args, headers=None, **query):
        return as_(noor).get(reverse(route, args=args), query, headers=headers)

    return ask


def members(response):
    return [decision.member.ref for decision in response.context["page"]]


def test_a_run_at_work_tells_how_far_it_is(get, working):
    assert "Delivering" in words(get("run", working.pk))
    assert 'value="200"' in get("run", working.pk).content.decode()


def test_the_part_of_a_run_at_work_is_its_progress_alone(get, working):
    part = get("run", working.pk, headers=PART)
    assert is_part(part)
    assert part.content.decode().strip().startswith('<section id="progress"')


def test_the_part_of_a_run_at_work_asks_for_itself_again(get, working):
    assert f'hx-get="{reverse("run", args=[working.pk])}"' in get("run", working.pk, headers=PART).content.decode()


def test_a_run_that_ended_meanwhile_has_its_page_read_anew(get, working):
    Run.objects.update(state="finished")
    assert get("run", working.pk, headers=PART)["HX-Refresh"] == "true"


def test_a_run_at_work_does_not_have_its_page_read_anew(get, working):
    """The control of the test above."""
    assert "HX-Refresh" not in get("run", working.pk, headers=PART)


def test_a_finished_run_tells_what_was_decided_and_of_the_best_possible(get, finished):
    page = words(get("run", finished.pk))
    assert "Expected incremental margin" in page
    assert "Of the best possible, at least" in page


def test_a_finished_run_leads_to_its_results(get, finished):
    assert reverse("report", args=[finished.campaign.ref]) in get("run", finished.pk).content.decode()


def test_messages_are_counted_by_channel_and_state(get, decided):
    Delivery.objects.create(
        run=decided,
        member=decided.decisions.first().member,
        run_offer=decided.offers.get(),
        channel="email",
        state="refused",
        reason="no consent",
        at=making.NOON,
    )
    assert "no consent 1" in words(get("run", decided.pk))


def test_a_failed_run_says_why(get, working):
    Run.objects.update(state="failed", sentence="The worker's log says why.")
    assert "The worker's log says why." in words(get("run", working.pk))


@pytest.mark.parametrize("route", ["run", "decisions"])
def test_an_unknown_run_is_not_found(get, route, db):
    assert get(route, 404).status_code == 404


def test_a_marketer_cancels_a_run(as_, mara, working):
    assert as_(mara).post(reverse("run_cancel", args=[working.pk])).url == reverse("run", args=[working.pk])
    working.refresh_from_db()
    assert working.state == Run.State.CANCELLED


def test_a_run_that_is_over_is_not_cancelled_and_says_so(as_, mara, working):
    Run.objects.update(state="finished")
    response = as_(mara).post(reverse("run_cancel", args=[working.pk]))
    assert response.status_code == 409
    assert "This run is already finished: there is nothing left to cancel." in words(response)


def test_only_a_marketer_cancels(as_, abel, working):
    assert as_(abel).post(reverse("run_cancel", args=[working.pk])).status_code == 403
    working.refresh_from_db()
    assert working.is_working


def test_a_reader_is_not_offered_to_cancel(get, working):
    assert reverse("run_cancel", args=[working.pk]) not in get("run", working.pk).content.decode()


def test_a_marketer_is_offered_to_cancel(as_, mara, working):
    """The control of the test above."""
    page = as_(mara).get(reverse("run", args=[working.pk]))
    assert reverse("run_cancel", args=[working.pk]) in page.content.decode()


def test_every_member_decided_on_is_listed(get, decided):
    assert members(get("decisions", decided.pk)) == ["M-1", "M-2", "N-3"]


def test_the_part_of_the_decisions_is_the_rows_alone(get, decided):
    part = get("decisions", decided.pk, headers=PART)
    assert is_part(part)
    assert part.content.decode().strip().startswith('<section id="rows"')


def test_the_decisions_tell_what_was_withheld_and_by_which_layer(get, decided):
    offer = decided.offers.get()
    making.decision(decided, making.member(), arm="universal", held_out=True, withheld=offer)
    making.decision(decided, making.member(), arm="generic", offer=offer)
    page = words(get("decisions", decided.pk))
    assert f"universal nothing ({offer.name} withheld) the year’s holdout" in page
    assert f"generic {offer.name} what is best for all" in page


def test_the_decisions_take_as_many_queries_however_much_was_withheld(get, decided):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            get("decisions", decided.pk)
        counts.append(len(queries))
        for _ in range(3):
            making.decision(decided, making.member(), held_out=True, withheld=decided.offers.get())
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"arm": "held_out"}, ["N-3"]),
        ({"arm": "treated"}, ["M-1", "M-2"]),
        ({"offer": "none"}, ["M-2", "N-3"]),
        ({"member": "m-"}, ["M-1", "M-2"]),
        ({"arm": "treated", "offer": "none", "member": "M"}, ["M-2"]),
    ],
)
def test_decisions_are_filtered_by_arm_offer_and_member(get, decided, query, found):
    assert members(get("decisions", decided.pk, **query)) == found


@pytest.mark.parametrize(("by", "found"), [("chance", ["M-9"]), ("prices", ["M-1", "M-2"])])
def test_decisions_are_filtered_by_what_decided(get, decided, by, found):
    making.decision(decided, making.member(ref="M-9"), offer=decided.offers.get(), explored=True)
    assert members(get("decisions", decided.pk, by=by)) == found


def test_decisions_are_filtered_by_the_reference_of_an_offer(get, decided):
    assert members(get("decisions", decided.pk, offer=decided.offers.get().offer.ref)) == ["M-1"]


def test_offers_are_listed_and_chosen_by_their_names(get, decided):
    page = words(get("decisions", decided.pk))
    offer = decided.offers.get()
    assert f"Tea week ({offer.offer.ref})" in page
    assert "M-1 treated Tea week worth and limits" in page


def test_a_decision_leads_to_its_member(get, finished):
    member = finished.decisions.first().member
    page = get("decision", finished.pk, member.ref).content.decode()
    assert reverse("member", args=[member.ref]) in page


def test_decisions_of_another_run_are_not_listed(get, decided, terms):
    other = making.run(making.campaign(), terms)
    assert members(get("decisions", other.pk)) == []


def test_a_filter_that_finds_nothing_says_what_to_do(get, decided):
    assert "Clear the filter, or wait until the run has decided." in words(get("decisions", decided.pk, member="X"))


def test_queries_do_not_grow_with_the_decisions(get, decided):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            get("decisions", decided.pk)
        return len(queries)

    few = asked()
    for _ in range(4):
        making.decision(decided, making.member(), offer=decided.offers.get())
    assert asked() == few


def test_the_page_of_a_decision_begins_with_why(get, finished):
    decision = finished.decisions.filter(run_offer__isnull=False).first()
    assert f"{decision.run_offer.name}: of 2 offers open to this member" in words(
        get("decision", finished.pk, decision.member.ref)
    )


def test_a_decision_of_which_the_profiles_are_lost_is_shown_without_why(get, finished):
    shutil.rmtree(finished.snapshot.path)
    profiles._opened.cache_clear()
    page = words(get("decision", finished.pk, finished.decisions.first().member.ref))
    assert "This cannot be worked out again. The member profiles of" in page


def test_the_part_of_a_decision_is_why_alone(get, finished):
    part = get("decision", finished.pk, finished.decisions.first().member.ref, headers=PART)
    assert is_part(part)
    assert part.content.decode().strip().startswith('<section id="why"')


def test_a_decision_shows_its_messages(get, finished):
    decision = finished.decisions.filter(run_offer__isnull=False).first()
    assert "Messages E-mail: sent" in words(get("decision", finished.pk, decision.member.ref))


def test_a_run_tells_what_the_held_out_would_have_been_sent(get, finished):
    would_be = finished.ghosts.filter(state="would_send").count()
    assert f"E-mail Would have been sent – {would_be} " in words(get("run", finished.pk))


def test_a_held_out_member_has_no_messages(get, finished):
    decision = finished.decisions.filter(held_out=True).first()
    assert "Messages none" in words(get("decision", finished.pk, decision.member.ref))


def test_a_member_not_decided_on_has_no_decision(get, finished):
    assert get("decision", finished.pk, making.member().ref).status_code == 404


def test_a_member_with_several_offers_has_one_page_that_tells_of_all(get, of_two):
    second = of_two.decisions.filter(rank=1, held_out=False).first()
    page = words(get("decision", of_two.pk, second.member.ref))
    assert "of 3 offers open to this member these were expected to earn most after the price of their limits." in page
    assert "given 1 of 2" in page
    assert "given 2 of 2" in page
    assert "Open, but of the same department as" in page


def test_several_offers_that_were_withheld_are_told_with_one_another(get, of_two):
    second = of_two.decisions.filter(rank=1, held_out=True).first()
    page = words(get("decision", of_two.pk, second.member.ref))
    assert "would have been given, and were withheld to measure what they bring." in page
    assert page.count("It would have been given, and was withheld to measure what it brings.") == 2


def test_a_run_of_several_offers_each_counts_members_once(get, of_two):
    told = get("run", of_two.pk).context["shown"].told
    assert told["given"] > told["assigned"] == told["arms"]["treated"]


def test_a_run_whose_worker_stopped_says_that_it_goes_on_by_itself(get, working):
    working.chunks.update(attempts=1, lease_until=making.NOON)
    assert "The run goes on by itself, from where it was, as soon as a worker is free" in words(get("run", working.pk))


def test_a_run_that_explored_tells_how_many_drew(get, exploring):
    drew = exploring.decisions.filter(explored=True).count()
    assert drew > 0
    assert f"Drew at random {drew} member" in words(get("run", exploring.pk))


def test_a_decision_that_was_drawn_says_so(get, exploring):
    drawn = exploring.decisions.filter(explored=True).first()
    page = words(get("decision", exploring.pk, drawn.member.ref))
    assert f"{drawn.run_offer.name}: drawn at random among 2 offers open to this member" in page
    assert "Open, but chance drew another." in page


def test_a_run_that_plans_tells_what_it_is_at(get, terms):
    planning = making.run(making.campaign(name="Spring", state="running"), terms, state="planning", doing="Assigning")
    Chunk.objects.create(run=planning, stage="plan", number=0)
    assert "Planning Assigning" in words(get("run", planning.pk))
    assert "Planning Assigning" in words(get("run", planning.pk, headers=PART))


def test_a_run_that_waits_says_until_when_and_what_for(as_, mara, working, settings):
    settings.QUIET_HOURS = {"email": ["21:00", "08:00"]}
    pacing.note(working, Later(clock.now() + making.DAY, "Quiet hours: E-mail 21:00 to 08:00"))
    for headers in ({}, PART):
        said = words(as_(mara).get(reverse("run", args=[working.pk]), headers=headers))
        assert "Quiet hours: E-mail 21:00 to 08:00. It goes on by itself at" in said
