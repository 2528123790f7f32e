import pytest

from campaigns import scorers, training
from campaigns.models import Ruling, Scorer, Training
from loyalty import clock
from tests import making
from tests.campaigns.training.cards import card

pytestmark = pytest.mark.django_db

State = Scorer.State


@pytest.fixture
def hints(monkeypatch) -> list[int]:
    called: list[int] = []
    monkeypatch.setattr("campaigns.hints.train", called.append)
    return called


@pytest.fixture
def judged(db) -> Scorer:
    return making.scorer(
        state=State.CHAMPION, kind="uplift", card=card().to_json(), verdict="In use: its Qini is 0.250."
    )


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_purpose_without_scorers_says_so(as_, noor):
    assert text(as_(noor).get("/scorers/")).count("None has been trained yet:") == 3


def test_every_scorer_stands_with_its_state_and_its_quality_in_a_line(as_, noor, judged):
    page = text(as_(noor).get("/scorers/"))
    assert f'<a href="/scorers/{judged.pk}/">Scorer {judged.pk}</a>, uplift' in page
    assert "In use" in page
    assert "+€0.250" in page


def test_the_one_in_use_comes_first(as_, noor, judged):
    later = making.scorer(state=State.REJECTED)
    page = text(as_(noor).get("/scorers/"))
    assert page.index(f"/scorers/{judged.pk}/") < page.index(f"/scorers/{later.pk}/")


def test_a_card_begins_with_why_it_decides(as_, noor, judged):
    page = text(as_(noor).get(f"/scorers/{judged.pk}/"))
    assert page.index("In use: its Qini is 0.250.") < page.index("How good it is")


def test_every_picture_has_its_table(as_, noor, judged):
    page = text(as_(noor).get(f"/scorers/{judged.pk}/"))
    assert page.count("data-figure=") == page.count("The numbers in this picture") == 3
    assert "too few rows" in page


def test_only_a_difference_has_a_sign(as_, noor, judged):
    page = text(as_(noor).get(f"/scorers/{judged.pk}/"))
    assert "+€0.20" in page  # what an offer changed
    assert "20.0 %" in page  # what share redeemed
    assert "+20.0" not in page


def test_the_list_says_what_the_figure_means_by_which_scorers_are_compared(as_, noor, judged):
    assert "Qini: what is gained by choosing; higher is better." in text(as_(noor).get("/scorers/"))


def test_a_scorer_of_members_tells_of_members_and_not_of_decisions_or_offers(as_, noor):
    churn = making.scorer(purpose=Scorer.Purpose.CHURN, kind="churn", card=card().to_json())
    page = text(as_(noor).get(f"/scorers/{churn.pk}/"))
    assert "2,000 members, from 5 Jan 2026 to 4 Feb 2026" in page
    assert "On what members did in the days after those it learned from" in page
    assert "Beside what an offer is" not in page


def test_what_cannot_be_measured_says_why(as_, noor, judged):
    assert "Could not measure: All rows have the same score." in text(as_(noor).get(f"/scorers/{judged.pk}/"))


def test_features_stand_with_their_purposes_and_what_was_left_out_is_told(as_, noor, judged):
    page = text(as_(noor).get(f"/scorers/{judged.pk}/"))
    assert '<th scope="row">Affinity for Coffee</th><td>choosing offers that fit</td>' in page
    assert "Left out: Spring: its rule cannot be read." in page


def test_windows_are_told_in_days(as_, noor, judged):
    page = text(as_(noor).get(f"/scorers/{judged.pk}/"))
    assert "2,000 decisions of 5 Jan 2026 to 4 Feb 2026, in 2 runs" in page
    assert "1,000 decisions of 6 Mar 2026, in 1 run" in page


def test_a_card_without_quality_says_that_it_was_not_judged(as_, noor):
    page = text(as_(noor).get(f"/scorers/{making.scorer().pk}/"))
    assert "It could not be judged" in page
    assert "data-figure=" not in page


def test_an_analyst_has_scorers_trained(as_, ana, hints, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_(ana).post("/scorers/train/")
    assert answer.url == "/scorers/"
    assert hints == [Training.objects.get(asked_by=ana).pk]


def test_others_are_not_offered_the_button(as_, ana, noor):
    assert "Train now" in text(as_(ana).get("/scorers/"))
    assert "Train now" not in text(as_(noor).get("/scorers/"))


def test_a_second_training_is_refused_while_one_is_under_way(as_, ana, hints):
    browser = as_(ana)
    browser.post("/scorers/train/")
    answer = browser.post("/scorers/train/", headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert "Scorers are being trained already" in text(answer)
    assert Training.objects.count() == 1


def test_the_part_shows_the_step_and_asks_again_while_it_works(as_, noor):
    Training.objects.create(started_at=clock.now(), doing="Judging what was learned: uplift")
    part = text(as_(noor).get("/scorers/", headers={"hx-request": "true"}))
    assert "Judging what was learned: uplift" in part
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part


def test_when_it_is_done_the_page_is_loaded_anew_and_says_what_came_of_it(as_, noor):
    Training.objects.create(started_at=clock.now(), finished_at=clock.now(), sentences=["Scorer 7 is in use."])
    browser = as_(noor)
    assert browser.get("/scorers/", headers={"hx-request": "true"})["HX-Refresh"] == "true"
    assert "Scorer 7 is in use." in text(browser.get("/scorers/"))


def test_an_approver_puts_an_earlier_one_back_with_a_reason(as_, abel, judged):
    earlier = making.scorer()
    answer = as_(abel).post(f"/scorers/{earlier.pk}/put-back/", {"why": "Coffee went to tea drinkers."})
    assert answer.url == f"/scorers/{earlier.pk}/"
    assert Scorer.objects.champion("offers") == earlier
    assert "Coffee went to tea drinkers." in text(as_(abel).get(answer.url))
    assert Ruling.objects.get(scorer=earlier).by == abel


def test_without_a_reason_nothing_is_put_back(as_, abel, judged):
    answer = as_(abel).post(f"/scorers/{making.scorer().pk}/put-back/", {"why": " "})
    assert answer.status_code == 409
    assert scorers.NO_REASON in text(answer)
    assert Scorer.objects.champion("offers") == judged


def test_only_an_approver_is_offered_to_put_one_back(as_, abel, noor):
    path = f"/scorers/{making.scorer().pk}/"
    assert "Put back in use" in text(as_(abel).get(path))
    assert "Put back in use" not in text(as_(noor).get(path))


def test_a_trained_scorer_has_a_page(as_, noor, data):
    champion = training.champion(at=making.NOON)
    assert champion.verdict in text(as_(noor).get(f"/scorers/{champion.pk}/"))
