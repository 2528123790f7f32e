"""Small true things for tests: members with consent, approved terms, decisions. Keyword-only, with plain defaults."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from campaigns import holdouts
from campaigns.models import Campaign, Decision, Draw, Run, RunOffer, Scorer
from campaigns.models.decision import HELD_OUT, TREATED
from campaigns.scoring import affinity, history
from loyalty import consent
from loyalty.models import Contact, MachineKey, Member, Product, Purchase
from loyalty.models.consent import Channel, Purpose
from offers import approval, catalog
from offers.models import Terms

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
_numbers = count(1)


def member(*, email: str | None = "", **facts: Any) -> Member:
    """A member with a contact; `email=None` leaves the contact out."""
    number = next(_numbers)
    made = Member.objects.create(**{"ref": f"m{number}", **facts})
    if email is not None:
        Contact.objects.create(member=made, first_name="Iris", email=email or f"m{number}@example.com")
    return made


def grant(to: Member, *channels: str, at: dt.datetime = NOON - DAY) -> None:
    for channel in channels:
        consent.record(to, purpose=Purpose.MARKETING, channel=channel, granted=True, at=at, source="test")


def product(**facts: Any) -> Product:
    number = next(_numbers)
    return Product.objects.create(**{"ref": f"p{number}", "name": "Beans", "category": "Coffee > Beans", **facts})


def purchase(
    of: Member | None, *, at: dt.datetime, net: str = "10", margin: str | None = "3", **facts: Any
) -> Purchase:
    number = next(_numbers)
    return Purchase.objects.create(
        **{
            "line_ref": f"l{number}",
            "basket_ref": f"b{number}",
            "member": of,
            "purchased_at": at,
            "quantity": Decimal(1),
            "net_amount": Decimal(net),
            "margin_amount": None if margin is None else Decimal(margin),
            **facts,
        }
    )


def approved_terms(*, author: User, approver: User, channels: tuple[str, ...] = ("email",), **facts: Any) -> Terms:
    """Terms of a new offer that went through submission and approval."""
    texts = {channel: catalog.Text('Hello {{ first_name | default: "there" }}', "{{ offer }}") for channel in channels}
    defaults = {"name": "Coffee day", "kind": Terms.Kind.AMOUNT, "value": Decimal(2), "category": "Coffee"}
    made = catalog.create(
        f"o{next(_numbers)}", by=author, at=NOON - DAY, texts=texts, channels=list(channels), **{**defaults, **facts}
    )
    approval.submit(made, by=author, at=NOON - DAY)
    approval.approve(made, by=approver, at=NOON - DAY)
    made.refresh_from_db()
    return made


def campaign(**facts: Any) -> Campaign:
    number = next(_numbers)
    defaults = {
        "ref": f"c{number}",
        "name": f"Campaign {number}",
        "salt": f"salt-{number}",
        "channels": [Channel.EMAIL],
        "created_at": NOON - DAY,
    }
    return Campaign.objects.create(**{**defaults, **facts})


def run(of: Campaign, *terms: Terms, state: str = Run.State.DELIVERING, **facts: Any) -> Run:
    defaults = {"outcomes_from": NOON, "outcomes_until": NOON + 14 * DAY, "started_at": NOON, "share_held_out": 0.1}
    made = Run.objects.create(campaign=of, state=state, **{**defaults, **facts})
    for position, each in enumerate(terms):
        RunOffer.objects.create(run=made, position=position, offer=each.offer, approval_id=each.pk)
    return made


def draw(**facts: Any) -> Draw:
    """The programme's holdouts of a year around NOON; a twentieth of the members each, if nothing else is said."""
    defaults = {
        "begins": NOON.date() - DAY,
        "universal_share": Decimal("0.05"),
        "generic_share": Decimal("0.05"),
        "by": None,
        "at": NOON - 2 * DAY,
    }
    return holdouts.draw(**{**defaults, **facts})


def decision(of: Run, to: Member, *, offer: RunOffer | None = None, held_out: bool = False, **facts: Any) -> Decision:
    facts = {"arm": HELD_OUT if held_out else TREATED, **facts}
    return Decision.objects.create(run=of, member=to, held_out=held_out, run_offer=offer, at=NOON, **facts)


def scorer(**facts: Any) -> Scorer:
    """A scorer that was in use once and learned nothing."""
    fitted = affinity.learn(history.joined([]))
    defaults = {"state": Scorer.State.RETIRED, "parameters": fitted.to_json(), "basis": fitted.basis}
    return Scorer.objects.create(**{**defaults, "trained_at": NOON - DAY, **facts})


def machine_key(*scopes: str, **facts: Any) -> str:
    """A key in force, as a machine sends it."""
    return MachineKey.objects.create_key(**{"name": "a machine", "scopes": list(scopes), **facts})[1]
