"""A grocer's households: every line is accounted for, and campaigns that nobody drew are not called causal."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.db.models import Sum
from django.urls import reverse

from loyalty.models import Member, Purchase
from tests.reading import words
from tests.real_data import complete_journey

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture
def grocer(shared_data, tmp_path, data, told, settings):
    """The grocer, loaded by the command: what became of each file."""
    settings.TIME_ZONE = complete_journey.TIME_ZONE
    folder = tmp_path / "files"
    folder.mkdir()
    files = complete_journey.write(shared_data, folder)
    return {kind: told("load", kind, path) for kind, path in files.items()}


def orphans(find) -> pa.Table:
    """The lines of products that the source's own list lacks."""
    lines = pq.read_table(find("complete_journey/transactions_sample.parquet"))
    known = pq.read_table(find("complete_journey/products.parquet"))["product_id"]
    return lines.filter(pc.invert(pc.is_in(lines["product_id"], known)))


def test_every_line_is_accounted_for_and_a_targeted_campaign_shows_no_bare_lift(grocer, shared_data, told, as_, noor):
    """One test, since loading takes most of the time."""
    lost = orphans(shared_data)
    assert {kind: found["rejected"] for kind, found in grocer.items() if found["rejected"]} == {"purchases": 222}
    assert lost.num_rows == 222
    assert grocer["purchases"]["loaded"] == 75_000 - 222
    kept = Purchase.objects.aggregate(total=Sum("net_amount"))["total"]
    assert kept + sum(Decimal(str(round(value, 2))) for value in lost["sales_value"].to_pylist()) == Decimal(
        "233935.24"
    )
    assert grocer["campaigns"]["loaded"] == 27
    assert grocer["assignments"]["loaded"] == 27 * Member.objects.count()
    for campaign in ("campaign-8", "campaign-13", "campaign-18"):
        report = told("report", campaign, "--metric", "spend", "--freeze")
        assert report["lifts"][0]["relative"] is None
        assert (report["frozen"]["causal"], report["frozen"]["verdict"]["word"]) == (False, "not_causal")
        page = words(as_(noor).get(reverse("report", args=[campaign])))
        assert "Not causal" in page
        assert "Each figure is a difference-in-differences" in page
        bare = (f"{arm['mean']:,.2f}" for arm in report["arms"])
        assert not any(mean in page for mean in bare), "Side by side, the means would pass for a lift of three times."
    others, treated = report["arms"]
    assert treated["mean"] / others["mean"] > 2  # the bare ratio, of households that were chosen for buying much
    (lift,) = report["lifts"]
    assert lift["low"] < 0 < lift["high"]
    assert "not drawn at random" in " ".join(report["reasons"])
