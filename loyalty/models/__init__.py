"""Who the member is and what we may do: one file per noun."""

from loyalty.models.catalogue import Product, Stock, Store
from loyalty.models.consent import Consent
from loyalty.models.event import Event
from loyalty.models.load import Load
from loyalty.models.machine import MachineKey, Scope, StoredAnswer
from loyalty.models.member import Contact, Member
from loyalty.models.purchase import Purchase
from loyalty.models.reveal import Reveal
from loyalty.models.segment import Segment, SegmentVersion
from loyalty.models.snapshot import Snapshot

__all__ = [
    "Consent",
    "Contact",
    "Event",
    "Load",
    "MachineKey",
    "Member",
    "Product",
    "Purchase",
    "Reveal",
    "Scope",
    "Segment",
    "SegmentVersion",
    "Snapshot",
    "Stock",
    "Store",
    "StoredAnswer",
]
