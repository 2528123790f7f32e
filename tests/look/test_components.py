import re

import pytest
from django.core.paginator import Paginator

from tests.look.gallery.forms import CampaignForm
from tests.look.rendering import render

HOSTILE = """"'><script>alert(1)</script>"""
PIECES = [
    '<c-button data-name="{{ said }}" icon="plus">{{ said }}</c-button>',
    '<c-link-button href="{{ said }}">{{ said }}</c-link-button>',
    '<c-back href="{{ said }}">{{ said }}</c-back>',
    '<c-panel title="{{ said }}" :lead="said" id="{{ said }}">{{ said }}</c-panel>',
    '<c-fact :label="said">{{ said }}</c-fact>',
    "<c-ref>{{ said }}</c-ref>",
    '<c-byline :verb="said" person="{{ said }}" />',
    '<c-notice :kind="said" :said="said">{{ said }}</c-notice>',
    '<c-empty :title="said">{{ said }}</c-empty>',
    '<c-state :of="said" />',
    '<c-state of="draft">{{ said }}</c-state>',
    '<c-verdict :of="said" />',
    '<c-estimate :value="1" :low="0" :high="2" :unit="said" basis="{{ said }}" />',
    '<c-estimate :reason="said" />',
    '<c-stat :label="said" note="{{ said }}">{{ said }}</c-stat>',
    '<c-bar :value="0.5" :label="said" />',
    '<c-table :caption="said"><c-slot name="head"><c-column>{{ said }}</c-column></c-slot></c-table>',
    '<c-column :name="said" :sort="said" :into="said">{{ said }}</c-column>',
    '<c-confirm id="a" :action="said" :opener="said" :title="said" :loses="said" :verb="said" :keep="said" />',
    '<c-step href="{{ said }}" :state="said">{{ said }}</c-step>',
    '<c-progress :label="said" :unit="said" :rate="said" :left="said" :poll="said" />',
    '<c-funnel :label="said" :stages="stages" />',
    '<c-figure id="a" :title="said" :note="said" :figure="figure" />',
    '<c-filters :into="said" :sort="said" :label="said" />',
    '<c-field :field="form.name" :label="said" :help="said" :before="said" :after="said" />',
    '<c-form :form="form" :submit="said" :said="said" />',
]


@pytest.mark.parametrize("piece", PIECES)
def test_what_people_wrote_stays_text(piece: str) -> None:
    stages = [{"label": HOSTILE, "count": 1, "reasons": [(HOSTILE, 1)]}]
    html = render(piece, said=HOSTILE, stages=stages, figure={"title": HOSTILE}, form=CampaignForm({"name": HOSTILE}))
    assert "<script>" not in html
    assert """"'>""" not in html


def test_an_estimate_shows_sign_unit_and_interval() -> None:
    words = _text(render('<c-estimate :value="0.21" :low="0.09" :high="0.32" unit="per member" />'))
    assert words == "+0.21 per member (0.09 to 0.32)"


def test_an_estimate_can_be_followed_by_a_comma() -> None:
    html = render('Pays <c-estimate :value="0.21" :low="0.09" :high="0.32" then="," /> 4,470 in total.')
    assert _text(html) == "Pays +0.21 (0.09 to 0.32), 4,470 in total."


def test_what_could_not_be_measured_says_why() -> None:
    words = _text(render('<c-estimate :value="none" reason="nobody was held out" />', none=None))
    assert words == "Could not measure: nobody was held out"


def test_a_measured_zero_is_an_estimate() -> None:
    assert _text(render('<c-estimate :value="0.0" :low="-0.1" :high="0.1" />')) == "0.00 (−0.10 to 0.10)"


@pytest.mark.parametrize(
    ("of", "word"),
    [("pays", "Pays"), ("does_not_pay", "Does not pay"), ("not_causal", "Not causal"), ("", "Not yet known")],
)
def test_a_verdict_is_an_icon_and_a_word(of: str, word: str) -> None:
    html = render(f'<c-verdict of="{of}" />')
    assert _text(html) == word
    assert 'aria-hidden="true"' in html


def test_a_state_can_be_said_in_other_words() -> None:
    assert _text(render('<c-state of="submitted">Waiting for you</c-state>')) == "Waiting for you"


@pytest.mark.parametrize(("rows", "shown"), [([1], "row"), ([], "nothing here")])
def test_an_empty_table_gives_way_to_what_to_do_next(rows: list[int], shown: str) -> None:
    source = (
        '<c-table caption="t" :rows="rows"><tr><td>row</td></tr><c-slot name="empty">nothing here</c-slot></c-table>'
    )
    assert _text(render(source, rows=rows)).endswith(shown)


@pytest.mark.parametrize(
    ("sort", "link", "state"),
    [
        ("", "?q=tea&amp;sort=name", None),
        ("name", "?q=tea&amp;sort=-name", "ascending"),
        ("-name", "?q=tea&amp;sort=name", "descending"),
    ],
)
def test_a_heading_sorts_and_keeps_the_filters(sort: str, link: str, state: str | None) -> None:
    html = render('<c-column name="name" :sort="sort">Name</c-column>', path="/?q=tea&page=3", sort=sort)
    assert f'href="{link}"' in html
    assert (f'aria-sort="{state}"' in html) if state else ("aria-sort" not in html)


def test_numbers_sort_from_the_largest_first() -> None:
    assert 'href="?sort=-spend"' in render('<c-column name="spend" number>Spend</c-column>')


def test_the_pager_keeps_filters_and_order() -> None:
    page = Paginator(range(30), 10).page(2)
    html = render('<c-pager :page="page" of="offers" into="list" />', path="/?sort=name&page=2", page=page)
    assert "11–20 of 30 offers" in html
    assert 'hx-get="?sort=name&amp;page=3" hx-target="#list"' in _flat(html)


def test_bars_of_the_funnel_are_shares_of_its_first_stage() -> None:
    stages = [{"label": "Audience", "count": 20_000}, {"label": "Eligible", "count": 5_000}]
    assert re.findall(r'rect width="(\d+)"', render('<c-funnel :stages="stages" />', stages=stages)) == ["1000", "250"]


def test_a_funnel_of_nobody_has_no_bars() -> None:
    html = render('<c-funnel :stages="stages" />', stages=[{"label": "Audience", "count": 0}])
    assert re.findall(r'rect width="(\d+)"', html) == ["0"]


def test_progress_gives_the_browser_plain_numbers() -> None:
    html = render('<c-progress label="Scoring" :done="11250" :total="17000" />')
    assert 'value="11250" max="17000"' in _flat(html)
    assert "11,250 of 17,000" in html


def test_progress_is_announced_by_quarters() -> None:
    html = render('<c-progress label="Scoring" :done="9000" :total="17000" />')
    assert 'data-announce="Scoring: 50 %"' in html


def test_progress_asks_again_only_while_it_is_told_to() -> None:
    assert "hx-trigger" in render('<c-progress label="Scoring" poll="/runs/1/" />')
    assert "hx-trigger" not in render('<c-progress label="Scoring" />')


def test_errors_come_first_and_lead_to_their_fields(form: CampaignForm) -> None:
    html = render('<c-form :form="form" />', form=form)
    assert html.index("autofocus") < html.index('id="id_name"')
    assert 'href="#id_name"' in html


def test_a_form_that_takes_a_file_says_so(form: CampaignForm) -> None:
    assert 'enctype="multipart/form-data"' in render('<c-form :form="form" />', form=form)


@pytest.mark.parametrize("name", ["name", "share_held_out", "channels", "again"])
def test_help_and_errors_belong_to_their_field(form: CampaignForm, name: str) -> None:
    html = render('<c-field :field="field" />', field=form[name])
    described = re.findall(r'aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{target}"' in html for target in described[0].split())


def test_every_error_link_has_somewhere_to_go(form: CampaignForm) -> None:
    html = render('<c-form :form="form" />', form=form)
    targets = re.findall(r'<a href="#([^"]+)"', html)
    assert len(targets) == len(form.errors)
    assert all(f'id="{target}"' in html for target in targets)


def test_a_confirmation_needs_no_script() -> None:
    html = _flat(render('<c-confirm id="cancel" action="/runs/1/cancel/" opener="Cancel…" verb="Cancel the run" />'))
    assert 'href="#cancel"' in html
    assert '<dialog id="cancel"' in html
    assert '<form method="post" action="/runs/1/cancel/"' in html
    assert "csrfmiddlewaretoken" in html


def test_a_figure_names_the_table_of_its_numbers() -> None:
    html = render('<c-figure id="lift" :figure="figure" title="Lift">a table</c-figure>', figure={"data": []})
    assert 'data-figure="{&quot;data&quot;: []}"' in html
    assert "<details>" in html


@pytest.mark.parametrize(
    ("name", "expected"),
    [("members", 'aria-current="page"'), ("member", 'aria-current="true"'), ("run", None), (None, None)],
)
def test_the_navigation_knows_where_the_reader_is(gallery: None, name: str | None, expected: str | None) -> None:
    html = render('<c-nav-item to="members" covers="member">Members</c-nav-item>', at=name)
    assert (expected in html) if expected else ("aria-current" not in html)


def test_a_place_without_an_address_is_left_out(gallery: None) -> None:
    assert render('<c-nav-item to="nowhere">Nowhere</c-nav-item>').strip() == ""


@pytest.fixture
def form() -> CampaignForm:
    return CampaignForm({"share_held_out": "140"})


def _flat(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def _text(html: str) -> str:
    return _flat(re.sub(r"<[^>]+>", "", html)).strip()
