"""What the retailer calls each member: read once for the snapshot, and opened with it."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.db.models import Max, Min

from loyalty import copying
from loyalty.models import Member, Snapshot
from loyalty.profiles.positions import positions
from loyalty.profiling import snapshot as storage
from loyalty.profiling.refs import Refs
from loyalty.refusal import Refused

ROWS_PER_BLOCK = 1 << 16
BLOCKS = """
    SELECT block.* FROM generate_series(%(first)s::bigint, %(last)s, %(rows)s) first CROSS JOIN LATERAL (
        SELECT array_agg(id), {refs}
        FROM (SELECT id, ref FROM loyalty_member WHERE id >= first AND id < first + %(rows)s ORDER BY id) member
        HAVING count(*) > 0
    ) block
"""


def read(member_ids: np.ndarray) -> Refs:
    """The references of these members (n,), ascending by id, as the record has them; Refused where one is gone."""
    first, last = Member.objects.aggregate(first=Min("pk"), last=Max("pk")).values()
    if first is None or not len(member_ids):
        return _found(member_ids, np.zeros(0, np.int64), pa.array([], pa.large_binary()))
    ids, texts = [], []
    query = BLOCKS.format(refs=copying.texts("ref"))
    span = {"first": first, "last": last, "rows": ROWS_PER_BLOCK}
    for block in copying.blocks(query, span, {"id": "i8", "ref": copying.TEXTS}):
        ids.append(block["id"])
        texts.append(block["ref"].cast(pa.large_binary()))
    return _found(member_ids, np.concatenate(ids), pa.concat_arrays(texts))


def opened(snapshot: Snapshot, member_ids: np.ndarray) -> Refs:
    """The references of a snapshot's members; those of one that was built without them are read from the record."""
    return _kept(snapshot.path) or read(member_ids)


@lru_cache(maxsize=4)
def _kept(directory: Path) -> Refs | None:
    return storage.open_refs(directory)


def _found(member_ids: np.ndarray, ids: np.ndarray, texts: pa.LargeBinaryArray) -> Refs:
    """Those of the members asked about, of all that were read."""
    at = positions(ids, member_ids)
    if np.any(at < 0):
        raise Refused("Some members of the profiles are gone from the record: build new profiles on the Data page.")
    texts = texts.take(pa.array(at))
    _, ends, text = texts.buffers()
    offsets = np.frombuffer(ends, dtype=np.int64, count=len(texts) + 1) if ends else np.zeros(1, np.int64)
    whole = np.frombuffer(text, dtype=np.uint8) if text else np.zeros(0, np.uint8)
    return Refs.joined(whole[offsets[0] : offsets[-1]], np.diff(offsets).astype(np.int32))
