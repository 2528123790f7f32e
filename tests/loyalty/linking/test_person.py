import datetime as dt

from loyalty.linking.person import Joined, Person, Said, carried_over, holding

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def at(hour: int) -> dt.datetime:
    return NOON + dt.timedelta(hours=hour)


def said(hour: int, member: int, *, granted: bool) -> Said:
    return Said(at(hour), hour, member, granted)


# 2 into 1 at one o'clock, 3 into 2 at five.
PERSON = Person(1, (Joined(2, 1, at(1)), Joined(3, 2, at(5))))


def test_two_have_been_one_since_the_last_merge_between_them():
    assert PERSON.since[1, 2] == PERSON.since[2, 1] == at(1)
    assert PERSON.since[1, 3] == PERSON.since[2, 3] == at(5)


def test_who_was_merged_into_the_one_who_leaves_leaves_too():
    assert PERSON.side_of(2) == {2, 3}
    assert PERSON.side_of(3) == {3}


def test_nothing_said_holds_nothing():
    assert holding([], PERSON) is None


def test_withdrawal_of_one_holds_against_the_later_grant_of_another_before_they_were_one():
    words = [said(2, 3, granted=False), said(3, 1, granted=True)]
    assert holding(words, PERSON) == words[0]


def test_grant_after_they_were_one_answers_a_withdrawal():
    words = [said(0, 2, granted=False), said(3, 1, granted=True)]
    assert holding(words, PERSON) == words[1]


def test_merge_with_a_third_does_not_open_again_what_was_answered():
    words = [said(0, 2, granted=False), said(3, 1, granted=True), said(4, 3, granted=True)]
    assert holding(words, PERSON) == words[2]


def test_own_later_grant_answers_ones_own_withdrawal():
    words = [said(0, 1, granted=False), said(2, 1, granted=True)]
    assert holding(words, PERSON) == words[1]


def test_withdrawal_while_they_were_one_is_carried_to_the_other_side():
    word = said(3, 1, granted=False)
    assert carried_over([word, said(0, 2, granted=True)], PERSON, PERSON.side_of(2)) == {2: word}


def test_withdrawal_before_they_were_one_stays_with_who_said_it():
    assert carried_over([said(0, 1, granted=False)], PERSON, PERSON.side_of(2)) == {}


def test_whoever_granted_again_since_keeps_what_they_granted():
    words = [said(2, 1, granted=False), said(3, 2, granted=True)]
    assert carried_over(words, PERSON, PERSON.side_of(2)) == {}
