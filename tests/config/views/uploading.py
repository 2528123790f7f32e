"""An operator at the page of data, and a file that waits there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config import uploads
from loyalty.models import Load

STORES = "store_ref,name,region\ns1,North,\n,Nameless,\ns2,South,,too many\n"


@pytest.fixture
def called(data, monkeypatch):
    """The loads that workers were called for."""
    calls = []
    monkeypatch.setattr(uploads, "call_a_worker", calls.append)
    return calls


@pytest.fixture
def browser(as_, otto, called):
    return as_(otto)


def sent(browser, content=STORES, kind="stores", name="stores.csv"):
    file = SimpleUploadedFile(name, content.encode())
    return browser.post(reverse("load_upload"), {"kind": kind, "file": file})


def waiting(browser, content=STORES):
    sent(browser, content)
    return Load.objects.get()


def page(browser, load, **headers):
    return browser.get(reverse("load", args=[load.pk]), headers=headers)
