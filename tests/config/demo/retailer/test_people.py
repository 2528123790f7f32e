import re

import numpy as np

from config.demo.retailer import people
from config.demo.retailer.members import NEVER
from config.demo.retailer.world import World


def test_addresses_reach_nobody(world: World) -> None:
    emails = [email for email in people.details(world)["email"].to_pylist() if email]
    assert {email.split("@")[1] for email in emails} == set(people.DOMAINS)
    assert len(set(emails)) == len(emails)


def test_phone_numbers_are_reserved_for_drama(world: World) -> None:
    phones = [phone for phone in people.details(world)["phone"].to_pylist() if phone]
    assert phones
    assert all(re.fullmatch(r"\+44 7700 900\d{3}", phone) for phone in phones)


def test_consent_to_email_needs_an_address(world: World) -> None:
    granted = people.marketing(world, "email").granted < NEVER
    assert not (granted & ~people.has_email(world)).any()
    # 0.92 × 0.68; four standard errors with n = 2,000 are 4.4 points.
    assert abs(granted.mean() - 0.626) < 0.044


def test_some_withdraw_after_they_granted(world: World) -> None:
    for channel in ("email", "app"):
        consent = people.marketing(world, channel)
        withdrawn = consent.withdrawn < NEVER
        assert (consent.granted[withdrawn] < consent.withdrawn[withdrawn]).all()
        assert 0.04 < withdrawn.sum() / (consent.granted < NEVER).sum() < 0.15


def test_a_withdrawn_consent_no_longer_holds(world: World) -> None:
    consent = people.marketing(world, "email")
    who = int(np.flatnonzero(consent.withdrawn < NEVER)[0])
    day = int(consent.withdrawn[who])
    assert consent.holds_on(day - 1)[who]
    assert not consent.holds_on(day)[who]


def test_a_few_refuse_to_be_chosen_for(world: World) -> None:
    assert 0.02 < people.personalisation_refused(world).mean() < 0.06
