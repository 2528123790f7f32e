"""Guards of who got what: nobody in two arms, nobody held out and yet reached, the same arm today as at launch."""

from analytics.measurement.lift import NotMeasured, welch
from analytics.measurement.moments import Moments
from analytics.measurement.validity.guard import FINE, LOOK, Guard, by_limit, unknown

MOST_IN_SEVERAL = 0.01
MOST_CONTAMINATED = 0.001
MOST_REPEATED = 0.001
MOST_HOURS, HOURS_LIMIT = 1.0, 0.001
NOBODY = "There are no members to check; the campaign has decided on nobody."


def multiple_exposure(in_several: int, members: int) -> Guard:
    """Members found in more than one arm; at most 1 % (as GrowthBook)."""
    name = "multiple_exposure"
    if not members:
        return unknown(name, NOBODY)
    return by_limit(
        name,
        in_several / members,
        limit=MOST_IN_SEVERAL,
        fine="{figure:.2%} of members were in more than one arm.",
        stop="{figure:.1%} of members were in more than one arm, and {limit:.0%} is the most that can be borne. Find "
        "out why their arm changed, and load the assignments again.",
    )


def contamination(reached: int, held_out: int) -> Guard:
    """Held-out members with a delivery of the campaign, or who redeemed an offer that only it gives; at most 0.1 %."""
    name = "contamination"
    if not held_out:
        return unknown(name, "Nobody was held out, so nobody can have been reached by mistake.")
    return by_limit(
        name,
        reached / held_out,
        limit=MOST_CONTAMINATED,
        fine="{figure:.2%} of held-out members got something of the campaign.",
        stop="{figure:.1%} of held-out members got something of the campaign, which makes its effect look smaller. "
        "Find the way by which offers reached them, the till included, and close it before the next campaign.",
    )


def duplicates(repeated: int, rows: int) -> Guard:
    """Rows (members of the campaign, or purchase lines) whose id was there before; at most 0.1 %."""
    name = "duplicates"
    if not rows:
        return unknown(name, "There are no rows to check.")
    return by_limit(
        name,
        repeated / rows,
        limit=MOST_REPEATED,
        fine="{figure:.2%} of rows repeat an id.",
        stop="{figure:.1%} of rows repeat the id of another, so some members or purchases count twice. Load the file "
        "again with one row for each id.",
    )


def salt_changed(differing: int, members: int) -> Guard:
    """Members whose arm, worked out again from the campaign's salt and shares, is not theirs: none may be."""
    name = "salt_changed"
    if not members:
        return unknown(name, NOBODY)
    return by_limit(
        name,
        differing / members,
        limit=0.0,
        fine="Every arm can be worked out again from the salt of the launch.",
        stop="{figure:.1%} of members are not in the arm that the salt of the launch gives them: the salt or the "
        "shares were changed, and members changed sides. Leave both as they were, and run the campaign again.",
    )


def sent_alike(treated: Moments, held_out: Moments) -> Guard:
    """Hours from the launch to each message, of those sent and of those withheld: on average an hour apart at most.

    More is only to be looked at: whoever is told later has fewer days left to buy in.
    """
    name = "sent_alike"
    if not treated.n or not held_out.n:
        return unknown(
            name, "Messages were not sent to one arm and withheld from the other, so their times do not tell."
        )
    apart, lift = treated.mean - held_out.mean, welch(treated, held_out)
    by_chance = not isinstance(lift, NotMeasured) and lift.p >= HOURS_LIMIT
    if abs(apart) <= MOST_HOURS or by_chance:
        return Guard(name, FINE, "Messages were withheld from the held out when others got theirs.", apart)
    sentence = (
        f"Messages were sent {treated.mean:,.1f} hours after the launch on average, and would have been after "
        f"{held_out.mean:,.1f} to the held out: the arms did not have the same time to buy in. Find out what held one "
        "of them up."
    )
    return Guard(name, LOOK, sentence, apart)
