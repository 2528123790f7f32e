import json

import pytest

from loyalty.models import Segment, SegmentVersion
from loyalty.refusal import Refused
from loyalty.segmentation import exchange
from tests import making

pytestmark = pytest.mark.django_db
GOLD = {"feature": "tier", "is": "equals", "value": "Gold"}


def segment(name: str, rule: object) -> Segment:
    made = Segment.objects.create(name=name, created_at=making.NOON)
    SegmentVersion.objects.create(segment=made, number=1, rule=rule, matching=0, saved_at=making.NOON)
    return made


def test_a_rule_that_was_written_is_read_back_the_same():
    gold = segment("Gold “tier”", {"all": [GOLD]})
    rule = {"any": [{"segment": gold.pk}, {"not": {"all": [GOLD, {"segment": gold.pk}]}}]}
    text = json.dumps(exchange.written(segment("Mine", rule).current()))
    assert exchange.read(text) == ("Mine", rule)


def test_other_segments_are_written_by_name():
    asking = segment("Mine", {"all": [{"segment": segment("Gold", GOLD).pk}]})
    assert exchange.written(asking.current())["rule"] == {"all": [{"segment": "Gold"}]}


def test_a_number_from_elsewhere_is_not_taken_for_one_of_ours():
    gold = segment("Gold", GOLD)
    with pytest.raises(
        Refused, match=f"A number such as {gold.pk} means another segment elsewhere: call .* by its name"
    ):
        exchange.read(f'{{"all": [{{"segment": {gold.pk}}}]}}')


def test_a_bare_rule_is_read_too():
    assert exchange.read('{"all": []}') == ("", {"all": []})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON: line 1, column 1"),
        ('{"all": [}', "not JSON: line 1, column 10"),
        (b"\xff\xfe\x00", "bring the .json file"),
        ('{"rule": {"all": []}, "name": "\\ud800"}', "bring the .json file"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5000, "bring the .json file"),
        ("x" * (exchange.MOST_BYTES + 1), "at most 200,000 bytes"),
    ],
)
def test_what_is_no_rule_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(Refused, match=sentence):
        exchange.read(text)
