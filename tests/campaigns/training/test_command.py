import io
import json

import pytest
from django.core.management import call_command

from campaigns.models import Scorer

pytestmark = pytest.mark.django_db


def train() -> dict:
    out = io.StringIO()
    call_command("train", "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


def test_command_says_what_was_trained_with_its_card(data):
    told = train()
    (scorer,) = told["scorers"]
    assert (scorer["kind"], scorer["state"]) == ("affinity", Scorer.State.CHAMPION)
    assert scorer["card"]["learned"] is None
    assert told["sentences"][0].startswith(f"Scorer {scorer['pk']} (affinity). In use")


def test_asked_again_it_trains_nothing_and_says_so(data):
    train()
    told = train()
    assert told["scorers"] == []
    assert "Nothing new to learn from" in told["sentences"][0]
