import datetime as dt

import numpy as np
import pytest

from loyalty import profiles
from loyalty.models import Member
from loyalty.profiles import refs
from loyalty.profiling import snapshot as storage
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db

NAMES = ["0007", "Zoë", "a rather long reference, of more bytes than fit one block of a hash, and then some", "b"]


@pytest.fixture
def built(settings, tmp_path):
    settings.DATA = tmp_path
    for name in NAMES:
        making.member(ref=name)
    return profiles.build(dt.date(2026, 3, 2), at=making.NOON)


def told(found):
    return [found[row].decode() for row in range(len(found))]


def test_a_snapshot_keeps_what_the_retailer_calls_its_members(built):
    members = profiles.opened(built, on=built.as_of)
    assert told(refs.opened(built, members.member_ids)) == NAMES
    assert told(storage.open_refs(built.path).take(np.array([1, 3]))) == [NAMES[1], NAMES[3]]


def test_a_snapshot_without_them_is_helped_by_the_record(built, monkeypatch):
    refs._kept.cache_clear()
    monkeypatch.setattr(storage, "open_refs", lambda _: None)
    members = profiles.opened(built, on=built.as_of)
    assert told(refs.opened(built, members.member_ids)) == NAMES


def test_a_member_who_is_gone_from_the_record_is_missed(built):
    with pytest.raises(Refused, match="gone from the record"):
        refs.read(np.array([Member.objects.latest("pk").pk + 1]))


def test_nobody_has_no_references(db):
    assert len(refs.read(np.array([], dtype=np.int64))) == 0
