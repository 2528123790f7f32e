import csv
import io
import re

from django.conf import settings
from django.urls import reverse

from config import uploads
from loyalty.models import Load, Member, Store
from tests.bringing import Bring, bring, data
from tests.config.views.uploading import STORES, browser, called, page, sent, waiting

__all__ = ["bring", "browser", "called", "data"]


def test_an_empty_list_says_what_to_load_first(browser):
    assert b"Begin with stores, products and members" in browser.get(reverse("loads")).content


def test_the_list_says_what_came_of_each_file(browser, bring: Bring):
    bring("stores", STORES)
    response = browser.get(reverse("loads"))
    assert b"stores.csv" in response.content
    assert b"Command line" in response.content


def test_the_list_can_be_asked_for_alone(browser):
    content = browser.get(reverse("loads"), headers={"HX-Request": "true"}).content
    assert b'id="rows"' in content
    assert b"<html" not in content


def test_the_list_can_be_narrowed_to_a_kind_and_a_state(browser, bring: Bring):
    bring("stores", STORES)
    listed = [
        browser.get(reverse("loads"), wanted).context["page"].paginator.count
        for wanted in ({}, {"kind": "stores"}, {"kind": "members"}, {"state": "waiting"}, {"state": "nonsense"})
    ]
    assert listed == [1, 1, 0, 0, 1]


def test_a_list_narrowed_to_nothing_leads_back(browser, bring: Bring):
    bring("stores", STORES)
    assert b"Show all files" in browser.get(reverse("loads"), {"kind": "members"}).content


def test_the_verdict_on_a_load_comes_first(browser, bring: Bring):
    bring("stores", STORES)
    content = page(browser, Load.objects.get()).content.decode()
    assert content.index("2 rows were left out, 67 % of the file; all others are in.") < content.index(
        "Rows in the file"
    )


def test_a_few_rows_of_many_are_not_called_none_of_the_file(browser, bring: Bring):
    bring("stores", STORES)
    Load.objects.update(rows=1_000_000, loaded=999_997, rejected=3)
    content = page(browser, Load.objects.get()).content.decode()
    assert "3 rows were left out, less than 1 % of the file; all others are in." in content


def test_rows_left_out_are_told_how_to_be_mended_though_money_is_missing_too(browser, bring: Bring):
    bring("purchases", "line_ref,basket_ref,purchased_at,quantity,net_amount\nl1,b1,2026-03-01,1,10\nl2,b1,never,1,5\n")
    load = Load.objects.get()
    load.quality["sums"]["net_amount"]["found"] = "9.9900"
    load.save()
    content = page(browser, load).content.decode()
    assert "Some money was written and is not in the database." in content
    assert "mend them in their own columns and bring that file in" in content
    assert "all others are in" not in content


def test_the_preview_counts_what_would_be_left_out(browser):
    assert b"2 of these cannot be loaded and would be left out" in page(browser, waiting(browser)).content


def test_an_uploaded_file_waits_and_loads_nothing(browser, called):
    response = sent(browser)
    load = Load.objects.get()
    assert response.url == reverse("load", args=[load.pk])
    assert (load.state, load.file_name, load.loaded_by.first_name) == ("waiting", "stores.csv", "Otto")
    assert not Store.objects.exists()
    assert called == []


def test_the_first_rows_are_shown_with_the_fate_of_each(browser):
    response = page(browser, waiting(browser))
    fates = [(row.line, row.reject and row.reject.column) for row in response.context["sample"].rows]
    assert fates == [(2, None), (3, "store_ref"), (4, "")]
    assert b"has 4 cells where the first line names 3 columns" in response.content
    assert not Store.objects.exists()


def test_the_preview_knows_what_is_known(browser, bring):
    bring("members", "member_ref\nm1\n")
    rows = "l1,b1,2026-03-01,1,1,m1\nl2,b1,2026-03-01,1,1,m9\n"
    sent(browser, f"line_ref,basket_ref,purchased_at,quantity,net_amount,member_ref\n{rows}", kind="purchases")
    response = page(browser, Load.objects.get(kind="purchases"))
    assert [row.reject and row.reject.value for row in response.context["sample"].rows] == [None, "m9"]


def test_what_a_file_holds_is_escaped(browser):
    content = page(browser, waiting(browser, "store_ref,name\ns1,<script>alert(1)</script>\n")).content
    assert b"<script>alert(1)" not in content


def test_a_file_that_cannot_be_read_is_not_kept(browser, data):
    response = sent(browser, "store_ref\ns1\n")
    assert response.status_code == 422
    assert "lacks the column “name”" in response.content.decode()
    assert not Load.objects.exists()
    assert not list((data / "uploads").iterdir())


def test_a_form_without_a_file_says_so(browser):
    response = browser.post(reverse("load_upload"), {"kind": "stores"})
    assert response.status_code == 422


def test_a_huge_file_is_sent_to_the_command_line(browser, monkeypatch):
    monkeypatch.setattr("config.forms.MOST_BYTES", 10)
    assert b"manage.py load" in sent(browser).content


def test_starting_hands_the_file_to_a_worker(browser, called, django_capture_on_commit_callbacks):
    load = waiting(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("load_start", args=[load.pk]))
    load.refresh_from_db()
    assert (load.state, called) == ("loading", [load.pk])


def test_a_file_is_started_once(browser, called, django_capture_on_commit_callbacks):
    load = waiting(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("load_start", args=[load.pk]))
        response = browser.post(reverse("load_start", args=[load.pk]))
    assert response.status_code == 409
    assert b"does not wait any more" in response.content
    assert called == [load.pk]


def test_a_discarded_file_is_gone(browser, data, django_capture_on_commit_callbacks):
    load = waiting(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("load_discard", args=[load.pk]))
    assert not Load.objects.exists()
    assert not list((data / "uploads").iterdir())


def test_the_answer_after_the_end_reloads_the_page(browser, bring):
    bring("stores", STORES)
    assert page(browser, Load.objects.get(), HX_Request="true")["HX-Refresh"] == "true"


def test_what_came_of_the_file_is_told_with_the_rejects(browser, bring):
    bring("stores", STORES)
    content = page(browser, Load.objects.get()).content.decode()
    assert "is empty, and must not be" in content
    assert reverse("load_rejects", args=[Load.objects.get().pk]) in content


def downloaded(browser, load):
    response = browser.get(reverse("load_rejects", args=[load.pk]))
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_the_rejected_rows_can_be_downloaded_in_their_own_columns(browser, bring):
    bring("stores", STORES)
    columns, *rows = csv.reader(io.StringIO(downloaded(browser, Load.objects.get())))
    assert columns == ["store_ref", "name", "region", "reject_line", "reject_column", "reject_reason", "reject_text"]
    assert rows == [
        ["", "Nameless", "", "3", "store_ref", "is empty, and must not be", ""],
        ["", "", "", "4", "", "has 4 cells where the first line names 3 columns", "s2,South,,too many"],
    ]


def test_the_download_is_mended_and_brought_in_again_with_the_same_values(browser, bring):
    bring("members", "member_ref,first_name,phone,birth_year\nm1,=Jo,+61 400 000 000,MCMLXXX\n")
    mended = downloaded(browser, Load.objects.get()).replace("MCMLXXX", "1980")
    sent(browser, mended, kind="members", name="mended.csv")
    second = Load.objects.first()
    uploads.start(second)
    second.refresh_from_db()
    uploads.carry_out(second)
    member = Member.objects.get()
    told = (member.ref, member.contact.first_name, member.contact.phone, member.birth_year)
    assert told == ("m1", "=Jo", "+61 400 000 000", 1980)


def test_rejected_rows_are_for_no_other_eyes_on_the_machine(browser, bring, data):
    bring("stores", STORES)
    browser.post(reverse("load_again", args=[Load.objects.get().pk]))
    files = [*(data / "rejects").iterdir(), *(data / "uploads").iterdir()]
    assert [oct(file.stat().st_mode & 0o777) for file in files] == ["0o600"] * 3


def test_without_rejects_there_is_nothing_to_download(browser, bring):
    bring("stores", "store_ref,name\ns1,North\n")
    assert browser.get(reverse("load_rejects", args=[Load.objects.get().pk])).status_code == 404


def test_a_refused_file_says_why(browser, data):
    load = waiting(browser)
    Load.objects.filter(pk=load.pk).update(state="refused", sentence="The file is a PDF.")
    assert b"The file is a PDF." in page(browser, load).content


def test_only_an_operator_brings_files_in(as_, noor, otto, called, data):
    load = waiting(as_(otto))
    refused = as_(noor)
    assert sent(refused).status_code == 403
    for name in ("load_start", "load_discard"):
        assert refused.post(reverse(name, args=[load.pk])).status_code == 403
    assert refused.get(reverse("load_rejects", args=[load.pk])).status_code == 403


def test_only_an_operator_sees_rows_of_files(as_, noor, otto, bring, called):
    load = waiting(as_(otto))
    assert b"North" not in page(as_(noor), load).content
    bring("stores", STORES)
    assert b"s2,South" not in page(as_(noor), Load.objects.latest("pk")).content
    assert b"s2,South" in page(as_(otto), Load.objects.latest("pk")).content


def test_a_load_says_whether_the_money_adds_up_and_what_looks_wrong(browser, bring: Bring):
    bring("purchases", "line_ref,basket_ref,purchased_at,quantity,net_amount,member_ref\n1,b,2026-02-01,1,12.34,\n")
    shown = page(browser, Load.objects.get()).content.decode()
    assert "€12.34" in shown
    assert "without a member: they count in no profile" in shown


def test_a_load_says_of_all_money_in_the_file_what_became_of_it(browser, bring: Bring):
    """100 written, 500 rejected for their date, and a row whose amount nobody can read."""
    rows = "1,b,2026-02-01,1,100.00\n2,b,2026-02-31,1,500.00\n3,b,2026-02-01,1,lots\n"
    bring("purchases", f"line_ref,basket_ref,purchased_at,quantity,net_amount\n{rows}")
    shown = re.sub(r"<[^>]*>|\s+", " ", page(browser, Load.objects.get()).content.decode())
    told = "net_amount €600.00 – €500.00 1 row €100.00 €100.00 not known of 1 row"
    assert told in " ".join(shown.split())


STORES_WITHOUT = "store_ref,name\n,A\n,B\ns,\n"


def test_rejected_rows_are_told_by_reason(browser, bring: Bring):
    bring("stores", STORES_WITHOUT)
    response = page(browser, Load.objects.get())
    assert "Why rows were rejected" in response.content.decode()
    assert [(reason.column, reason.rows) for reason in response.context["reasons"]] == [("store_ref", 2), ("name", 1)]


def test_the_reasons_are_kept_with_the_load(browser, bring: Bring):
    bring("stores", STORES_WITHOUT)
    load = Load.objects.get()
    before = page(browser, load).context["reasons"]
    (settings.DATA / load.rejects_file).write_text("line,column,value,reason\n")
    assert page(browser, load).context["reasons"] == before


def test_loads_of_before_are_told_by_their_rejects_file(browser, bring: Bring):
    bring("stores", STORES_WITHOUT)
    load = Load.objects.get()
    now = page(browser, load).context["reasons"]
    del load.quality["reasons"]
    load.save()
    assert page(browser, load).context["reasons"] == now


def test_rejected_rows_are_loaded_again_as_they_are(browser, bring: Bring, called):
    bring("stores", "store_ref,name\n,A\ns,B\ns,C,more\n")
    answer = browser.post(reverse("load_again", args=[Load.objects.get().pk]))
    second = Load.objects.first()
    assert answer.url == reverse("load", args=[second.pk])
    assert second.file_name == "rejected rows of stores.csv"
    uploads.carry_out(second)
    second.refresh_from_db()
    assert (second.rows, second.rejected, second.quality["kept_rows"]) == (2, 2, 1)


def test_rows_that_fit_no_table_cannot_be_loaded_again(browser, bring: Bring):
    bring("stores", "store_ref,name\ns,A,more\n")
    answer = browser.post(reverse("load_again", args=[Load.objects.get().pk]))
    assert answer.status_code == 409
    assert b"mend the file and upload it" in answer.content
