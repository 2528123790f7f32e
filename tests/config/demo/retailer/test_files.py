from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

from config.demo.retailer import files, pilot, responses, tables
from config.demo.retailer.world import World, create, date_of
from loyalty.files import reader
from loyalty.files.kinds import KINDS
from tests.config.demo.retailer.conftest import FIRST_DAY

MEMBERS = 300


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    paths = files.write(create(3, MEMBERS, FIRST_DAY), tmp_path_factory.mktemp("history"))
    return {kind: parquet.read_table(path) for kind, path in paths.items()}


def _bytes(paths: dict[str, Path]) -> dict[str, bytes]:
    return {kind: path.read_bytes() for kind, path in paths.items()}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, form: files.Form) -> None:
    once = files.write(create(3, 60, FIRST_DAY), tmp_path / "once", form=form)
    again = files.write(create(3, 60, FIRST_DAY), tmp_path / "again", form=form)
    assert _bytes(once) == _bytes(again)


def test_another_seed_writes_other_members_and_purchases(tmp_path: Path) -> None:
    one = _bytes(files.write(create(3, 60, FIRST_DAY), tmp_path / "one"))
    other = _bytes(files.write(create(4, 60, FIRST_DAY), tmp_path / "other"))
    assert {kind for kind in one if one[kind] == other[kind]} == {"stores", "products", "offers", "campaigns"}


def test_every_column_is_one_of_the_formats(history: dict[str, pa.Table]) -> None:
    for name, table in history.items():
        kind = KINDS[name]
        assert set(kind.required()) <= set(table.column_names)
        assert [column for column in table.column_names if kind.column(column) is None] == []


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_every_row_can_be_loaded(tmp_path: Path, form: files.Form) -> None:
    for name, path in files.write(create(3, 60, FIRST_DAY), tmp_path, form=form).items():
        blocks = list(reader.blocks(path, KINDS[name], time_zone="Europe/Berlin"))
        assert sum(len(block) for block in blocks) > 0
        assert [reject for block in blocks for reject in block.rejects] == []


def test_every_row_is_known_by_its_key(history: dict[str, pa.Table]) -> None:
    for name, table in history.items():
        keys = table.select(KINDS[name].key).group_by(KINDS[name].key).aggregate([])
        assert keys.num_rows == table.num_rows > 0, name


def test_every_reference_is_to_something_in_the_files(history: dict[str, pa.Table]) -> None:
    known = {f"{kind}_ref": history[f"{kind}s"][f"{kind}_ref"] for kind in ("store", "product", "member", "offer")}
    known["home_store_ref"] = known["store_ref"]
    for name, table in history.items():
        for column in set(table.column_names) & set(known):
            used = table[column].drop_null()
            assert pc.all(pc.is_in(used, known[column].combine_chunks())).as_py() in (True, None), (name, column)


def test_money_is_kept_to_the_cent(history: dict[str, pa.Table]) -> None:
    bought = history["purchases"]
    assert bought.schema.field("net_amount").type == pa.decimal128(12, 2)
    negative = pc.less(bought["net_amount"], pa.scalar(0, pa.decimal128(12, 2)))
    assert pc.equal(negative, pc.less(bought["quantity"], 0)).to_pylist() == [True] * bought.num_rows


def test_redeemed_lines_name_their_offer(history: dict[str, pa.Table]) -> None:
    redeemed = history["purchases"].filter(pc.is_valid(history["purchases"]["offer_ref"]))
    completed = history["events"].filter(pc.equal(history["events"]["kind"], "offer_completed"))
    assert len(redeemed["basket_ref"].unique()) == completed.num_rows > 0


def test_purchases_cover_the_history_and_no_more(history: dict[str, pa.Table]) -> None:
    days = pc.min_max(history["purchases"]["purchased_at"].cast(pa.date32())).as_py()
    assert (days["min"] - FIRST_DAY).days == 0
    assert (days["max"] - FIRST_DAY).days == 729


def test_csv_says_the_same_as_parquet(tmp_path: Path) -> None:
    world = create(3, 60, FIRST_DAY)
    empty_is_unknown = csv.ConvertOptions(strings_can_be_null=True)
    in_text = csv.read_csv(files.write(world, tmp_path, form="csv")["purchases"], convert_options=empty_is_unknown)
    in_columns = parquet.read_table(files.write(world, tmp_path)["purchases"])
    for column in ("line_ref", "net_amount", "purchased_at", "offer_ref"):
        assert in_text[column].cast(in_columns[column].type).equals(in_columns[column])


def test_files_brought_one_after_the_other_tell_what_one_bringing_tells(tmp_path: Path) -> None:
    world = create(3, MEMBERS, FIRST_DAY)
    day = world.end - 30
    early = files.write(world, tmp_path / "early", until=day)
    later = files.write_days(world, tmp_path / "later", pilot.pilot(world).contacts(), since=day, until=world.end)
    together = files.write(world, tmp_path / "together")
    assert set(later) == {"members", "consents", "purchases", "events"}
    for kind in later:
        parts = pa.concat_tables([parquet.read_table(early[kind]), parquet.read_table(later[kind])])
        whole = parquet.read_table(together[kind])
        by_key = [(key, "ascending") for key in KINDS[kind].key]
        assert parts.num_rows > parquet.read_table(later[kind]).num_rows > 0
        assert parts.sort_by(by_key).equals(whole.sort_by(by_key)), kind


def test_days_without_consents_have_the_columns_of_any_day(world: World) -> None:
    quiet = tables.consents(world, since=world.end, until=world.end)
    assert quiet.num_rows == 0
    assert quiet.schema == tables.consents(world, since=world.start, until=world.end).schema


def test_members_are_told_of_when_they_have_joined(tmp_path: Path) -> None:
    world = create(3, MEMBERS, FIRST_DAY)
    joined = parquet.read_table(files.write(world, tmp_path, until=world.end - 30)["members"])["joined_on"]
    assert pc.max(joined).as_py() < date_of(world.end - 30)


def test_days_after_the_history_are_written_as_purchases_and_events(world: World, tmp_path: Path) -> None:
    paths = files.write_days(world, tmp_path, responses.nobody(), since=world.end, until=world.end + 14)
    assert list(paths) == ["purchases", "events"]
    assert parquet.read_table(paths["purchases"]).num_rows > 500
