"""What members tell us of themselves, each a row; the latest row about a thing holds until they take it back.

Members who were merged are one person, and what each of them told holds for that person: an offer is kept away if
one of them does not eat what it contains. But each is shown, and takes back, only what it told itself, since we may
have taken two people for one, and what one does not eat is not for the other to read.

The database refuses to change a row, and deletes one only in a transaction that said
`SET LOCAL liftwell.erasing = 'on'`.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Set

from django.db import connection, transaction

from loyalty.models import Member, Statement
from loyalty.models.statement import Topic
from loyalty.refusal import Refused
from loyalty.stated import asking

INSTANT = dt.timedelta(microseconds=1)


def standing(members: Iterable[int]) -> list[Statement]:
    """What holds of all that these members told us, by topic and value."""
    told = Statement.objects.filter(member__in=list(members)).select_related("member")
    latest = told.order_by("topic", "member", "value", "-at", "-id").distinct("topic", "member", "value")
    return sorted((each for each in latest if each.stated), key=_by_topic)


def tell(member: Member, topic: str, values: Collection[str], *, source: str, at: dt.datetime) -> list[Statement]:
    """Record that of this topic the member tells us these things and no others; the rows for what that changes.

    It holds even if an earlier row claims a later moment. Refused for what cannot be told, and then nothing is kept.
    """
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        held = {each.value for each in standing([member.pk]) if each.topic == topic}
        _refuse_unasked(topic, set(values) - held)
        if topic == Topic.SIZE and not asking.have_one_size_each(values):
            raise Refused("Choose one size of each thing, then save again.")
        newest = member.statements.order_by("-at").values_list("at", flat=True).first()
        moment = max(at, newest + INSTANT) if newest else at
        rows = _changes(held, set(values))
        return Statement.objects.bulk_create(
            Statement(
                member=member,
                topic=topic,
                value=value,
                stated=stated,
                at=moment,
                wording=asking.said(topic, value),
                source=source,
            )
            for value, stated in rows
        )


def history(member: Member) -> list[dict[str, str | bool]]:
    """Every row of this member's, the oldest first, as they may have it."""
    rows = member.statements.order_by("at", "id")
    return [
        {
            "topic": each.topic,
            "value": each.value,
            "told": each.stated,
            "at": each.at.isoformat(),
            "words": each.wording,
            "source": each.source,
        }
        for each in rows
    ]


def forget(member: Member) -> None:
    """Delete all that this member ever told us, as they ask; of what was decided by it only the decision is left."""
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL liftwell.erasing = 'on'")
            member.statements.all().delete()
            cursor.execute("SET LOCAL liftwell.erasing = 'off'")


def _refuse_unasked(topic: str, values: Set[str]) -> None:
    if topic not in Topic.values or values - asking.choices(topic).keys():
        raise Refused("There is no such choice: reload the page and choose again.")


def _changes(before: Set[str], after: Set[str]) -> Iterator[tuple[str, bool]]:
    yield from ((value, False) for value in sorted(before - after))
    yield from ((value, True) for value in sorted(after - before))


def _by_topic(statement: Statement) -> tuple[int, str]:
    return list(asking.QUESTIONS).index(statement.topic), statement.value
