"""Offers from files. Each becomes an offer with a draft of its terms, to be submitted and approved like any other."""

from psycopg.sql import SQL

from loyalty.files import kinds
from loyalty.staging.target import (
    Check,
    Target,
    assigned,
    columns_of,
    entries,
    listed,
    one_of,
    otherwise,
    plain,
    text,
)

_TERMS = (
    text("name"),
    text("kind"),
    otherwise("0", "value"),
    otherwise("0", "minimum_spend"),
    plain("valid_from"),
    plain("valid_until"),
    text("category"),
    one_of("loyalty_product", "products", named="product"),
    otherwise("0", "reward_cost", source="cost"),
    entries("channels"),
    entries("contains"),
    plain("limit_per_member"),
    plain("limit_total"),
    plain("budget"),
)
_COLUMNS = columns_of(_TERMS)

_KNOWN = SQL("""
    SELECT DISTINCT ON (offer.id) terms.id, offer.ref, state, author_id, {columns}
    FROM offers_offer offer JOIN offers_terms terms ON terms.offer_id = offer.id
    ORDER BY offer.id, number DESC
""")
_INSERT_OFFERS = SQL("""
    INSERT INTO offers_offer (ref, created_by_id, created_at) SELECT ref, %(by)s, %(at)s FROM fresh ORDER BY line
""")
_INSERT_TERMS = SQL("""
    INSERT INTO offers_terms (offer_id, number, state, author_id, created_at, age_restricted, {columns})
    SELECT offer.id, 1, 'draft', %(by)s, %(at)s,
           EXISTS (SELECT FROM loyalty_product WHERE id = product_id AND 'alcohol' = ANY (flags)), {columns}
    FROM fresh JOIN offers_offer offer USING (ref) ORDER BY line
""")
_UPDATE_TERMS = SQL("""
    UPDATE offers_terms SET author_id = %(by)s, {assigned} FROM changed WHERE offers_terms.id = changed.id
""")
# Whoever changes a draft becomes its author, who may not approve it; so nobody changes another's.
_NOT_OURS_TO_CHANGE = """
    known.state <> 'draft' OR known.author_id IS NOT NULL AND known.author_id IS DISTINCT FROM %(by)s::bigint
"""

OFFERS = Target(
    kind=kinds.OFFERS,
    table="offers_offer",
    fields=(text("ref", source="offer_ref"), *_TERMS),
    key=("ref",),
    known=_KNOWN.format(columns=listed(_COLUMNS)),
    inserts=(_INSERT_OFFERS, _INSERT_TERMS.format(columns=listed(_COLUMNS))),
    updates=(_UPDATE_TERMS.format(assigned=assigned(_COLUMNS)),),
    checks=(
        Check("value", "staged.kind = 'percent' AND staged.value > 100", "is more than 100 percent"),
        Check(
            "valid_until", "staged.valid_until < coalesce(staged.valid_from, known.valid_from)", "is before valid_from"
        ),
        Check(
            "valid_from", "staged.valid_from > coalesce(staged.valid_until, known.valid_until)", "is after valid_until"
        ),
    ),
    fixed=_NOT_OURS_TO_CHANGE,
    fixed_reason="has terms that were submitted, or are somebody's draft: change the offer on its page",
)
