"""Who the member is and what we may do: one file per noun."""

from loyalty.models.catalogue import Product, Stock, Store
from loyalty.models.consent import Consent
from loyalty.models.event import Event
from loyalty.models.identity import Alias, Identity, Linking, Merge, Pair, Unmerge
from loyalty.models.link import LinksEnded
from loyalty.models.load import Load
from loyalty.models.machine import MachineKey, Scope, StoredAnswer
from loyalty.models.member import Contact, Member
from loyalty.models.purchase import Purchase
from loyalty.models.reveal import Reveal
from loyalty.models.segment import Segment, SegmentVersion
from loyalty.models.snapshot import Snapshot
from loyalty.models.statement import Statement, Topic

__all__ = [
    "Alias",
    "Consent",
    "Contact",
    "Event",
    "Identity",
    "Linking",
    "LinksEnded",
    "Load",
    "MachineKey",
    "Member",
    "Merge",
    "Pair",
    "Product",
    "Purchase",
    "Reveal",
    "Scope",
    "Segment",
    "SegmentVersion",
    "Snapshot",
    "Statement",
    "Stock",
    "Store",
    "StoredAnswer",
    "Topic",
    "Unmerge",
]
