"""A small programme with all that makes runs differ, a broker of the test's own, and workers that faults come to."""

import os
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from signal import Signals
from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.db import connection
from pytest_django import Settings

from campaigns import building, hints, launching, run
from campaigns.models import Run
from config import processes
from config.embedded import layout, redis
from loyalty import profiles, segmentation
from loyalty.models import Consent, Contact, Member, Purchase
from loyalty.models.consent import Channel, Purpose
from tests import making, proc
from tests.campaigns.conftest import TODAY, data
from tests.faults.crew import Crew
from tests.faults.fate import Fates, Fault
from tests.faults.outcome import Outcome
from tests.faults.thrice import Thrice

__all__ = ["data"]

DEPARTMENTS = ("Coffee", "Tea", "Bread")
GRANTED = {"purpose": Purpose.MARKETING, "granted": True, "at": making.NOON - making.DAY}
SALT = "the-same-for-every-run"


@pytest.fixture
def members() -> int:
    return 1_500


@pytest.fixture
def lease() -> float:
    """Seconds; shorter than it is, so that less of the test is waiting."""
    return 3.0


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a Redis of this test's own, which may be emptied; all hints go there, three times each."""
    place = layout.at(tmp_path / "broker")
    place.log("redis").parent.mkdir(parents=True)
    server = redis.start(place)
    assert proc.eventually(lambda: redis.is_ready(place))
    monkeypatch.setenv("CELERY_BROKER_URL", place.urls().broker_url)  # which an app heeds before what it is told
    app = Celery("faults", set_as_current=False)
    app.conf.task_default_queue = "faults"
    monkeypatch.setattr(hints, "current_app", Thrice(app))
    yield place.urls().broker_url
    app.close()
    processes.stop(server, Signals.SIGTERM, patience_seconds=5)


@pytest.fixture
def shoppers(db: None, data: Path, members: int) -> None:
    """Members who bought at different times for different amounts, and agreed to mails, to the app or to both."""
    made = Member.objects.bulk_create(Member(ref=f"k{number}") for number in range(members))
    Contact.objects.bulk_create(Contact(member=each, email=f"{each.ref}@example.com") for each in made)
    by_mail, by_app = [each for each in made if each.pk % 2], [each for each in made if each.pk % 3]
    Consent.objects.bulk_create(Consent(member=each, channel=Channel.EMAIL, **GRANTED) for each in by_mail)
    Consent.objects.bulk_create(Consent(member=each, channel=Channel.APP, **GRANTED) for each in by_app)
    products = [making.product(category=department) for department in DEPARTMENTS]
    Purchase.objects.bulk_create(
        Purchase(
            line_ref=f"{each.ref}-{line}",
            basket_ref=f"{each.ref}-{line}",
            member=each,
            product=products[(number + line * (number % 2)) % 3],
            purchased_at=making.NOON - (number % 40 + 1 + line) * making.DAY,
            quantity=1,
            net_amount=20 + number % 37,
            margin_amount=12 + number % 11,
        )
        for number, each in enumerate(made)
        for line in range(2)
    )
    profiles.build(TODAY, at=making.NOON)


@pytest.fixture
def launch(shoppers: None, broker: str, mara, abel, members: int) -> Callable[[str], Run]:
    """Launches the same campaign under another name: of one salt, so that chance gives the same members the same."""
    terms = [
        making.approved_terms(author=mara, approver=abel, category=department, channels=("email", "app"))
        for department in DEPARTMENTS
    ]
    limits = [(members // 5, None), (None, Decimal(members) / 20), (None, None)]
    segment = segmentation.save(None, name="All", rule={"all": []}, by=mara, at=making.NOON).segment

    def launched(name: str) -> Run:
        campaign = building.create(
            name,
            by=mara,
            at=making.NOON,
            hypothesis="It survives.",
            primary_metric="margin",
            exit_criterion="It does not.",
            segment=segment,
            channels=[Channel.EMAIL, Channel.APP],
            share_held_out=Decimal("0.2"),
            share_explored=Decimal("0.1"),
            offers_each=2,
            starts_at=making.NOON - making.DAY,
            ends_at=making.NOON + 36_500 * making.DAY,  # workers have a clock of their own
        )
        building.choose_offers(campaign, [each.offer for each in terms])
        offers = zip(terms, limits, strict=True)
        building.limit_offers(campaign, {each.offer_id: building.OfferLimit(*limit) for each, limit in offers})
        campaign = building.change(campaign, salt=SALT)
        return launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)

    return launched


@pytest.fixture
def undisturbed(launch: Callable[[str], Run], settings: Settings) -> Outcome:
    """What comes of the campaign where nothing happens to it, in one process from beginning to end."""
    settings.EMAIL_BACKEND = "config.mailbox.MailboxBackend"
    ran = launch("Undisturbed")
    run.work(ran.pk, now=lambda: making.NOON)
    outcome = Outcome.of(ran)
    assert ran.state == Run.State.FINISHED
    assert {row[1] for row in outcome.decided} == {0, 1}, "Somebody gets two offers, or there is less to compare."
    assert {row[4] for row in outcome.decided} == {False, True}, "Somebody explores, or there is less to compare."
    return outcome


@pytest.fixture
def crew(data: Path, broker: str, lease: float, tmp_path: Path) -> Iterator[Callable[..., tuple[Crew, Fates]]]:
    """Starts workers that these faults come to."""
    begun: list[Crew] = []
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()

    def start(
        faults: Sequence[Fault] = (), *, workers: int = 1, children: int = 2, unguarded: bool = False
    ) -> tuple[Crew, Fates]:
        fates = Fates(tmp_path / "faults" / str(len(begun)))
        fates.write(faults)
        environment = os.environ | {
            "LIFTWELL_DATA": str(data),
            "DATABASE_URL": database,
            "CELERY_QUEUE": "faults",
            "SECRET_KEY": "of-the-workers-of-a-test-alone-" + "0" * 24,
            "FAULTS": str(fates.directory),
            "FAULTS_LEASE": str(lease),
            "FAULTS_UNGUARDED": "1" if unguarded else "",
        }
        begun.append(Crew(environment, workers=workers, children=children))
        return begun[-1], fates

    yield start
    for each in begun:
        each.end()
