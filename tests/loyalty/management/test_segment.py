import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from loyalty import profiles, segmentation
from tests import making

pytestmark = pytest.mark.django_db

RECENT = {"all": [{"feature": "recency_days", "is": "at_most", "value": 10}]}


@pytest.fixture(autouse=True)
def known(settings, tmp_path, monkeypatch):
    """Three, who bought 2, 5 and 40 days ago."""
    settings.DATA = tmp_path
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON)
    for days in (2, 5, 40):
        making.purchase(making.member(ref=f"m-{days}"), at=making.NOON - days * making.DAY, product=making.product())
    profiles.build(making.NOON.date(), at=making.NOON)


@pytest.fixture
def told(tmp_path, capsys):
    def told(rule, *asked):
        path = tmp_path / "rule.json"
        path.write_bytes(rule if isinstance(rule, bytes) else json.dumps(rule).encode())
        call_command("segment", str(path), *asked)
        return capsys.readouterr().out.strip()

    return told


def save(name, rule):
    return segmentation.save(None, name=name, rule=rule, by=None, at=making.NOON)


def exported(browser, version):
    return browser.get(reverse("segment_rule", args=[version.segment_id])).content


def test_what_the_page_exports_is_counted_as_the_page_counts_it(told, as_, mara):
    recent = save("Recent", RECENT)
    asking = save("Others", {"all": [{"not": {"segment": recent.segment_id}}]})
    for version, count in ((recent, 2), (asking, 1)):
        assert version.matching == count
        assert told(exported(as_(mara), version)).startswith(f"{count} of 3 members")


def test_a_bare_rule_calls_another_segment_by_name_as_on_the_page(told, as_, mara):
    save("Recent", RECENT)
    rule = {"not": {"segment": "Recent"}}
    assert told(rule).startswith("1 of 3 members")
    page = as_(mara).post(reverse("segment_new"), {"do": "bring", "text": json.dumps(rule)})
    assert page.context["reach"].matching == 1


def test_a_number_is_refused_by_both_in_the_same_words(told, as_, mara):
    rule = {"segment": save("Recent", RECENT).segment_id}
    with pytest.raises(CommandError) as refused:
        told(rule)
    page = as_(mara).post(reverse("segment_new"), {"do": "bring", "text": json.dumps(rule)})
    assert page.context["not_brought"] in str(refused.value)
    assert "by its name" in str(refused.value)


def test_the_reason_is_told_of_a_member(told):
    said = told(RECENT, "--explain", "m-40")
    assert said == "Days since last purchase is 40, which is not at most 10."


@pytest.mark.parametrize("text", [b"", b"[", b'{"rule": 3}', b"\xff", b"[" * 100_000])
def test_what_is_no_rule_is_refused_in_a_sentence(told, text):
    with pytest.raises(CommandError, match="is not a segment rule that can be used"):
        told(text)


def test_a_member_whom_nobody_knows_is_refused(told):
    with pytest.raises(CommandError, match="There is no member m-99 in the profiles as of 2 March 2026"):
        told(RECENT, "--explain", "m-99")
