import datetime as dt
from dataclasses import replace

import pytest
from kombu.exceptions import OperationalError

from config.demo import passing, state
from config.demo.state import State, Stretch
from tests import making

pytestmark = pytest.mark.django_db

STRETCH = Stretch(since=dt.date(2026, 3, 2), until=dt.date(2026, 3, 16), stage=passing.PROFILES)
FROM_HTMX = {"HX-Request": "true"}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    called: list[str] = []
    monkeypatch.setattr(passing.current_app, "send_task", lambda name, **_: called.append(name))
    return called


@pytest.fixture
def page(as_, ana):
    return as_(ana)


def test_banner_of_every_page_offers_it(page, known: State) -> None:
    assert 'action="/demo/pass/begin/"' in page.get("/demo/outbox/").content.decode()


def test_pressing_calls_a_worker_and_shows_the_progress(page, known: State, calls: list[str]) -> None:
    shown = page.post("/demo/pass/begin/", follow=True)
    assert calls == [passing.TASK]
    assert shown.redirect_chain == [("/demo/pass/", 302)]
    assert passing.WAITING in shown.content.decode()


def test_progress_is_a_part_that_asks_for_itself(page, known: State) -> None:
    state.write(replace(known, passing=STRETCH))
    part = page.get("/demo/pass/", headers=FROM_HTMX).content.decode()
    assert "<html" not in part
    assert 'hx-get="/demo/pass/" hx-trigger="every 1s"' in part
    assert f'value="{passing.STAGES.index(passing.PROFILES)}"' in part
    assert f'max="{len(passing.STAGES)}"' in part


def test_part_that_asks_when_all_is_over_has_the_page_shown_anew(page, known: State) -> None:
    state.write(replace(known, passed=STRETCH))
    assert page.get("/demo/pass/", headers=FROM_HTMX).headers["HX-Refresh"] == "true"


def test_page_says_what_happened_and_which_campaigns_can_be_judged(page, known: State) -> None:
    campaign = making.campaign(name="Spring")
    state.write(replace(known, passed=replace(STRETCH, purchases=12345, closed=(campaign.ref,))))
    said = page.get("/demo/pass/").content.decode()
    assert "12,345 purchase lines" in said
    assert f'<a href="/results/{campaign.ref}/">Spring</a>' in said


def test_what_broke_off_offers_to_go_on_and_stops_asking(page, known: State) -> None:
    state.write(replace(known, passing=replace(STRETCH, sentence=passing.BROKEN_OFF)))
    said = page.get("/demo/pass/").content.decode()
    assert "Let it go on" in said
    assert "every 1s" not in said


def test_refusal_is_said_on_the_page(page, known: State, calls: list[str]) -> None:
    making.run(making.campaign())
    refused = page.post("/demo/pass/begin/")
    assert refused.status_code == 409
    assert passing.BEING_SENT in refused.content.decode()


def test_without_a_broker_it_says_so_and_nothing_hangs(page, known: State, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(passing.current_app, "send_task", nobody)
    assert "No worker can be reached" in page.post("/demo/pass/begin/").content.decode()


def test_asking_by_get_changes_nothing(page, known: State, calls: list[str]) -> None:
    assert page.get("/demo/pass/begin/").status_code == 405
    assert calls == []


def test_banner_of_a_house_with_ones_own_data_calls_nothing_simulated(page, known: State) -> None:
    state.write(replace(known, members=0))
    said = page.get("/demo/outbox/").content.decode()
    assert "what you see is what you loaded" in said
    assert "Simulated retailer" not in said
    assert "/demo/pass/begin/" not in said
