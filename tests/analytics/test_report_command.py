import io
import json

import pytest
from django.core.management import CommandError, call_command

from analytics.models import Report
from tests.analytics.conftest import AFTER, decide_alike

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = io.StringIO()
    call_command("report", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def decided(run, now):
    decide_alike(run)
    now(AFTER)


def test_it_tells_one_metric_and_keeps_nothing(campaign, decided):
    assert "treated versus held_out: +2.6667" in told(campaign.ref, "--metric", "margin")
    assert not Report.objects.exists()


def test_asked_to_freeze_it_keeps_the_whole_report(campaign, decided):
    text = told(campaign.ref, "--freeze", "--json")
    frozen = json.loads(text.splitlines()[-1])["frozen"]
    kept = Report.objects.get()
    assert (frozen["version"], frozen["digest"]) == (1, kept.digest)
    assert frozen["verdict"]["sentence"] in text
    assert {name: frozen[name] for name in json.loads(kept.body)} == json.loads(kept.body)


def test_its_object_has_what_other_programs_rely_on(campaign, decided):
    found = json.loads(told(campaign.ref, "--metric", "spend", "--json").splitlines()[-1])
    assert {
        "campaign",
        "metric",
        "from",
        "until",
        "arms",
        "lifts",
        "sample_ratio_p",
        "valid",
        "reasons",
    } <= found.keys()
    assert found["frozen"] is None


def test_an_unknown_campaign_is_refused_in_a_sentence(db):
    with pytest.raises(CommandError, match="There is no campaign nothing"):
        told("nothing")
