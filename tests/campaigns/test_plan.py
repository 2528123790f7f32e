import os
from dataclasses import fields

import numpy as np
import pytest

from campaigns.plan import Plan


@pytest.fixture
def plan():
    return Plan(
        member_ids=np.arange(1, 4),
        arm=np.array([0, 1, 0], dtype=np.uint8),
        explored=np.zeros(3, dtype=np.bool_),
        offer=np.array([[1], [-1], [0]], dtype=np.int16),
        withheld=np.full((3, 1), -1, dtype=np.int16),
        score=np.array([[0.5], [0.25], [1.5]], dtype=np.float32),
        probability=np.full((3, 1), 0.9),
    )


def test_a_plan_is_on_disk_with_its_names_once_it_is_saved(plan, tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_ino))
    plan.save(tmp_path / "plan")
    columns = [tmp_path / "plan" / f"{field.name}.npy" for field in fields(Plan)]
    assert sorted(flushed[:-2]) == sorted(column.stat().st_ino for column in columns)  # ahead of their names
    assert flushed[-2:] == [(tmp_path / "plan").stat().st_ino, tmp_path.stat().st_ino]


def test_a_plan_that_is_not_yet_on_disk_has_not_its_name(plan, tmp_path, monkeypatch):
    def full(_):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        plan.save(tmp_path / "plan")
    assert not (tmp_path / "plan").exists()


def test_a_plan_is_read_as_it_was_saved(plan, tmp_path):
    plan.save(tmp_path / "plan")
    plan.save(tmp_path / "plan")
    found = Plan.load(tmp_path / "plan")
    assert all(np.array_equal(getattr(found, field.name), getattr(plan, field.name)) for field in fields(Plan))
