"""Members from files. Personal details go where decisions and analysis never read them."""

from psycopg.sql import SQL

from loyalty.files import kinds
from loyalty.staging.target import Field, Target, assigned, columns_of, listed, one_of, plain, text

_MEMBER = (
    text("ref", source="member_ref"),
    plain("joined_on"),
    plain("birth_year"),
    text("postcode"),
    one_of("loyalty_store", "stores", named="home_store"),
    text("tier"),
    # A file changes the attributes that it has a column for, and an empty cell takes one away.
    Field(
        "attributes",
        "attributes",
        expression="jsonb_strip_nulls(coalesce(known.attributes, '{}') || coalesce(staged.attributes::jsonb, '{}'))",
    ),
)
_CONTACT = (text("first_name"), text("last_name"), text("email"), text("phone"))

_KNOWN = SQL("""
    SELECT id, ref, joined_on, birth_year, postcode, home_store_id, tier, attributes,
           coalesce(first_name, '') AS first_name, coalesce(last_name, '') AS last_name,
           coalesce(email, '') AS email, coalesce(phone, '') AS phone
    FROM loyalty_member LEFT JOIN loyalty_contact ON member_id = id
""")
_INSERT_CONTACTS = SQL("""
    INSERT INTO loyalty_contact (member_id, first_name, last_name, email, phone)
    SELECT member.id, first_name, last_name, email, phone FROM fresh JOIN loyalty_member member USING (ref)
    WHERE (first_name, last_name, email, phone) <> ('', '', '', '')
""")
_UPDATE_CONTACTS = SQL("""
    INSERT INTO loyalty_contact (member_id, first_name, last_name, email, phone)
    SELECT id, first_name, last_name, email, phone FROM changed
    WHERE (first_name, last_name, email, phone) <> ('', '', '', '')
       OR EXISTS (SELECT FROM loyalty_contact WHERE member_id = changed.id)
    ON CONFLICT (member_id) DO UPDATE SET
        first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email, phone = excluded.phone
""")

# With the moment of the load, by which the page tells the file that the details are from.
_INSERT_MEMBERS = SQL("INSERT INTO loyalty_member ({0}, told_at) SELECT {0}, %(at)s FROM fresh ORDER BY line").format(
    listed(columns_of(_MEMBER))
)
_UPDATE_MEMBERS = SQL(
    "UPDATE loyalty_member SET {}, told_at = %(at)s FROM changed WHERE loyalty_member.id = changed.id"
).format(assigned(columns_of(_MEMBER)))

MEMBERS = Target(
    kind=kinds.MEMBERS,
    table="loyalty_member",
    fields=(*_MEMBER, *_CONTACT),
    key=("ref",),
    known=_KNOWN,
    inserts=(_INSERT_MEMBERS, _INSERT_CONTACTS),
    updates=(_UPDATE_MEMBERS, _UPDATE_CONTACTS),
    fixed="false",
)
