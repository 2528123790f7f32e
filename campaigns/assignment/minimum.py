"""Gives the offers that have a minimum volume to as many members as it asks for, whatever others have to leave."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.given import Given, fitting, pairs, places
from campaigns.assignment.limits import Limits
from campaigns.assignment.rows import Rows

PRICES_TRIED = (-10.0, 10.0, 0.5)  # powers of 2, of the price at which the largest use outweighs the largest loss

Array = NDArray[np.float64]
Members = NDArray[np.intp]


@dataclass(frozen=True)
class Wanted:
    """Members (m,) who could take an offer, what each would give up for it, -1 for nothing, and their loss."""

    members: Members
    giving_up: Members
    loss: Array


def short(has: Given, limits: Limits) -> NDArray[np.intp]:
    """The offers of which fewer are given than their minimum volume."""
    return np.flatnonzero(has.taken(limits).count < limits.least)


def supplied(has: Given, rows: Rows, reduced: Array, limits: Limits) -> Given:
    """The pairs with those added that the minimum volumes still ask for, as far as there are any.

    `reduced` (n, k) is value less charge, -inf where an offer may not be given. Members give up what is in the way
    where its own minimum can do without, and others give theirs back where a common limit is used up. Limits hold.
    """
    for _ in range(len(limits.least)):
        before = len(short(has, limits)), int(np.maximum(limits.least - has.taken(limits).count, 0).sum())
        for j in short(has, limits):
            has = _supplied_with(int(j), has, rows, reduced, limits)
        if before[0] == 0 or before[1] == int(np.maximum(limits.least - has.taken(limits).count, 0).sum()):
            break
    return has


def _supplied_with(j: int, has: Given, rows: Rows, reduced: Array, limits: Limits) -> Given:
    """As many pairs of offer j as can be had at once, those of the least loss first."""
    wanted = _wanted(j, places(has, len(rows), rows.each), rows, reduced, _spare(has, limits))
    ranked = np.argsort(wanted.loss, kind="stable")
    ranked = ranked[_affordable(wanted.giving_up[ranked], _spare(has, limits))]
    ranked, has = _paid_for(j, has, wanted, ranked, rows, reduced, limits)
    takers, giving_up = wanted.members[ranked], wanted.giving_up[ranked]
    is_left = ~np.isin(_key(has.members, has.offers, rows), _key(takers, giving_up, rows)[giving_up >= 0])
    kept, added = has.only(is_left), pairs(takers, np.full(len(takers), j), rows)
    kept = _made_room(kept, added, rows, reduced, limits)
    fits = fitting(added, np.arange(len(added)), limits.less(kept.taken(limits)))
    return _joined(kept, added.only(np.sort(fits)), rows)


def _paid_for(
    j: int, has: Given, wanted: Wanted, ranked: Members, rows: Rows, reduced: Array, limits: Limits
) -> tuple[Members, Given]:
    """Who of the ranked are to take offer j, and the pairs without those of it that have to make room: members who
    use more of its budget than others would."""
    having = np.flatnonzero(has.offers == j)
    least = int(limits.least[j])
    use = np.concatenate([has.use[having], rows.use[wanted.members[ranked], j]])
    loss = np.concatenate([-reduced[has.members[having], j], wanted.loss[ranked]])
    plain = ranked[: least - len(having)]
    chosen = _of_least_loss(loss, use, least, limits.money[j])
    if chosen is None or use[:least].sum() <= limits.money[j]:
        return plain, has
    stays = np.ones(len(has), dtype=bool)
    stays[np.delete(having, chosen[chosen < len(having)])] = False
    return ranked[chosen[chosen >= len(having)] - len(having)], has.only(stays)


def _of_least_loss(loss: Array, use: Array, count: int, money: float) -> Members | None:
    """So many whose uses come to no more than the money, at a low loss: by the lowest price of money tried at which
    they do; None where not even the least uses do."""
    if len(use) < count or np.sort(use)[:count].sum() > money:
        return None
    usual = float(np.ptp(loss)) / (float(np.ptp(use)) or 1.0) or 1.0
    for price in usual * 2.0 ** np.arange(*PRICES_TRIED):
        chosen = np.argsort(loss + price * use, kind="stable")[:count]
        if use[chosen].sum() <= money:
            return np.sort(chosen)
    return np.sort(np.argsort(use, kind="stable")[:count])


def _spare(has: Given, limits: Limits) -> Array:
    """How many of each offer (k,) are given beyond its minimum volume."""
    return np.maximum(has.taken(limits).count - limits.least, 0.0)


def _wanted(j: int, offer: NDArray[np.int16], rows: Rows, reduced: Array, spare: Array) -> Wanted:
    """Who could take offer j for no other's minimum: into a free place, or instead of what is in the way."""
    members = np.flatnonzero(np.isfinite(reduced[:, j]) & (rows.most > 0) & ~(offer == j).any(axis=1))
    held, everybody = offer[members], np.arange(len(members))
    is_mate = (held >= 0) & (rows.category[held] == rows.category[j])
    is_full = (held >= 0).sum(axis=1) >= rows.most[members]
    worth = np.where((held >= 0) & (spare[held] >= 1), reduced[members[:, None], held], np.inf)
    place = np.where(is_mate.any(axis=1), is_mate.argmax(axis=1), worth.argmin(axis=1))
    gives_up = is_mate.any(axis=1) | is_full
    lost = np.where(gives_up, worth[everybody, place], 0.0)
    giving_up = np.where(gives_up, held[everybody, place], -1).astype(np.intp)
    possible = np.isfinite(lost)
    return Wanted(members[possible], giving_up[possible], (lost - reduced[members, j])[possible])


def _affordable(giving_up: Members, spare: Array) -> NDArray[np.intp]:
    """Which of these, in their order, are to give something up that its own minimum can do without."""
    kept = giving_up < 0
    for j in np.unique(giving_up[giving_up >= 0]):
        kept[np.flatnonzero(giving_up == j)[: int(spare[j])]] = True
    return np.flatnonzero(kept)


def _made_room(kept: Given, added: Given, rows: Rows, reduced: Array, limits: Limits) -> Given:
    """Without those pairs of the least worth that no minimum asks for, as many as the added ones need room for."""
    left = limits.less(added.taken(limits))
    ranked = np.argsort(-reduced[kept.members, kept.offers], kind="stable")
    needed = np.zeros(len(ranked), dtype=bool)
    for j in np.flatnonzero(limits.least > 0):
        needed[np.flatnonzero(kept.offers[ranked] == j)[: int(limits.least[j])]] = True
    ranked = np.concatenate([ranked[needed], ranked[~needed]])
    return kept.only(np.sort(fitting(kept, ranked, left)))


def _joined(kept: Given, added: Given, rows: Rows) -> Given:
    return pairs(np.concatenate([kept.members, added.members]), np.concatenate([kept.offers, added.offers]), rows)


def _key(members: Members, offers: Members, rows: Rows) -> NDArray[np.int64]:
    return members * np.int64(rows.value.shape[1] + 1) + offers
