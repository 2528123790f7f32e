import time

import pytest
from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from offers import wording
from tests.offers.hostile import ODD_BRACES, OTHER_LANGUAGES, PAYLOADS

VALUES = {
    "first_name": "Zoë",
    "retailer": "Corner Shop",
    "offer": "Coffee week",
    "value": "20%",
    "minimum_spend": "€10.00",
    "valid_until": "31 May 2025",
    "department": "Coffee",
}
LEGITIMATE = ("{{ {{ first_name }}", "{{ {{ value }} }}", "{% verbatim %}{{ value }}{% endverbatim %}")
LEGITIMATE += ("{% autoescape off %}{{ offer }}{% endautoescape %}", '{{ first_name|default:"{{ value }}" }}')
SYNTAX = st.sampled_from(["{{", "}}", "{", "}", "{%", "%}", "|", "default:", '"', " ", "\n", ".", *wording.VARIABLES])
MARKUP = st.text(st.sampled_from("<>&\"'/ab =\n{}"))


def _with_the_variables_filled_in(text: str) -> str:
    for name, value in VALUES.items():
        text = text.replace("{{ " + name + " }}", value)
    return text


def test_corpus_has_a_hundred_texts() -> None:
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_not_evaluated(payload: str) -> None:
    expected = _with_the_variables_filled_in(payload) if payload in LEGITIMATE else payload
    assert wording.render(payload, VALUES) == expected


@pytest.mark.parametrize("payload", sorted(set(PAYLOADS) - set(OTHER_LANGUAGES) - set(ODD_BRACES)))
def test_hostile_text_is_reported(payload: str) -> None:
    assert wording.problems(payload)


def test_a_template_engine_evaluates_what_we_do_not() -> None:
    """The control: without our own reader, most of the corpus would have done something."""
    engine = Engine(libraries={"log": "django.contrib.admin.templatetags.log"})

    def as_django(text: str) -> str:
        try:
            return engine.from_string(text).render(Context(VALUES))
        except (TemplateSyntaxError, TemplateDoesNotExist, LookupError):
            return "stopped"

    dangerous = [text for text in PAYLOADS if "9999" not in text]
    assert sum(as_django(text) != text for text in dangerous) >= 60


def test_variable_is_replaced_by_its_value() -> None:
    assert wording.render("Hello {{ first_name }}, {{value}} off!", VALUES) == "Hello Zoë, 20% off!"


def test_default_stands_in_for_an_unknown_value() -> None:
    assert wording.render('Hello {{ first_name | default: "there" }}', {}) == "Hello there"


def test_known_value_wins_over_the_default() -> None:
    assert wording.render('Hello {{ first_name | default: "there" }}', VALUES) == "Hello Zoë"


def test_unknown_value_without_a_default_leaves_nothing() -> None:
    assert wording.render("Hello {{ first_name }}!", {}) == "Hello !"


def test_value_is_never_read_again() -> None:
    assert wording.render("Hello {{ first_name }}", {"first_name": "{{ retailer }}"}) == "Hello {{ retailer }}"


def test_value_outside_the_list_is_not_reachable() -> None:
    assert wording.render("{{ email }}", {"email": "zoe@example.com"}) == "{{ email }}"


def test_line_breaks_in_a_value_do_not_break_a_subject() -> None:
    values = {"first_name": "Zoë\r\nBcc: all@example.com"}
    assert wording.render_line("For {{ first_name }}", values) == "For Zoë Bcc: all@example.com"


def test_line_breaks_in_a_subject_become_spaces() -> None:
    assert wording.render_line("One\r\n two", {}) == "One two"


def test_direction_overrides_in_a_value_are_dropped() -> None:
    assert wording.render("{{ first_name }}", {"first_name": "a\u202eb"}) == "a b"


def test_paragraphs_and_lines_become_html() -> None:
    assert wording.render_html("Hello\n\nTwo\nlines", {}) == "<p>Hello</p>\n\n<p>Two<br>lines</p>"


def test_text_is_escaped_in_html() -> None:
    assert "<script>" not in wording.render_html("<script>alert(1)</script>", {})


def test_value_is_escaped_in_html() -> None:
    html = wording.render_html("{{ first_name }}", {"first_name": "<img src=x onerror=alert(1)>"})
    assert html == "<p>&lt;img src=x onerror=alert(1)&gt;</p>"


def test_good_text_has_no_problems() -> None:
    text = 'Hello {{ first_name | default: "there" }}, {{ offer }}: {{ value }} until {{ valid_until }}. Ends {soon}.'
    assert wording.problems(text) == []


def test_unknown_variable_is_named_with_the_nearest_one() -> None:
    assert wording.problems("{{ frist_name }}") == ["there is no variable “frist_name” (did you mean first_name?)"]


def test_unknown_variable_unlike_any_other_comes_with_the_list() -> None:
    assert "there are first_name, retailer," in wording.problems("{{ zzz }}")[0]


def test_unclosed_braces_are_named() -> None:
    (problem,) = wording.problems("Hello {{ first_name, bye")
    assert problem.startswith("“{{ first_name, bye” opens a variable and does not close it (")


def test_unopened_braces_are_named() -> None:
    (problem,) = wording.problems("Hello first_name }}")
    assert problem.startswith("“}}” closes a variable that was not opened (")


def test_filter_of_another_name_is_named() -> None:
    (problem,) = wording.problems("{{ first_name | upcase }}")
    assert problem.startswith("“{{ first_name | upcase }}” is not understood (")


def test_tag_is_named() -> None:
    assert wording.problems("{% debug %}")[0].startswith("“{% debug %}” is never carried out (")


def test_long_stray_is_shortened() -> None:
    assert len(wording.problems("{{ " + "x" * 5000)[0]) < 150


def test_the_same_problem_is_said_once() -> None:
    assert len(wording.problems("{{ nope_nope }} {{ nope_nope }}")) == 1


def test_very_long_text_is_a_problem() -> None:
    assert "shorten it to 10,000" in wording.problems("x" * 10_001)[0]


def test_variables_in_use_are_found() -> None:
    assert wording.variables('{{ offer }} {{ first_name | default: "x" }} {{ nope }}') == {"offer", "first_name"}


def test_variable_with_a_default_leaves_no_gap() -> None:
    assert wording.variables_without_default('{{ offer }} {{ first_name | default: "x" }}') == {"offer"}


@pytest.mark.parametrize("text", ["{{" * 500_000, "{{ " * 300_000 + "}}", "{{" + " " * 1_000_000, "{%" * 500_000])
def test_a_million_characters_take_no_time(text: str) -> None:
    """Half a second leaves room for a busy machine; a quadratic reader would need hours."""
    began = time.perf_counter()
    wording.render(text, VALUES)
    assert time.perf_counter() - began < 0.5


def test_result_is_bounded() -> None:
    huge = {"value": "x" * 1_000_000}
    assert len(wording.render("{{value}}" * 1_000, huge)) == wording.LONGEST_RESULT


@given(st.lists(SYNTAX | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_renders_to_itself_but_for_its_variables(text: str) -> None:
    echo = {name: f"<{name}>" for name in wording.VARIABLES}
    rendered = wording.render(text, echo)
    for name in wording.VARIABLES:
        rendered = rendered.replace(f"<{name}>", "")
    assert len(rendered) <= len(text)
    assert set(rendered) <= set(text)


@given(st.lists(SYNTAX | st.text(max_size=5), max_size=40).map("".join))
def test_text_without_problems_shows_no_braces(text: str) -> None:
    if not wording.problems(text):
        shown = wording.render(text, VALUES)
        assert not any(brace in shown for brace in ("{{", "{%", "{#"))


@given(MARKUP, st.dictionaries(st.sampled_from(sorted(wording.VARIABLES)), MARKUP))
def test_html_never_holds_a_tag_but_paragraphs_and_breaks(text: str, values: dict[str, str]) -> None:
    html = wording.render_html(text + "{{ first_name }}{{ offer }}", values)
    assert "<" not in html.replace("<p>", "").replace("</p>", "").replace("<br>", "")
