"""Past campaigns that another tool ran, and whom it gave what, from files: to be measured and learned from."""

from psycopg.sql import SQL

from loyalty.files import kinds
from loyalty.staging.target import Check, Field, Reference, Target, one_of, otherwise, plain, text

# Where the file does not say, outcomes count until the campaign's end.
_DAYS = "greatest(1, ceil(extract(epoch FROM staged.ends_at - staged.starts_at) / 86400))::integer"

_KNOWN_CAMPAIGNS = SQL("""
    SELECT id, ref, name, starts_at, ends_at, outcome_days, contact_cost, hypothesis, primary_metric, design,
           share_held_out, imported
    FROM campaigns_campaign
""")
_INSERT_CAMPAIGNS = SQL("""
    INSERT INTO campaigns_campaign (
        ref, name, state, imported, hypothesis, primary_metric, exit_criterion, design, channels, starts_at, ends_at,
        outcome_days, share_held_out, contact_cost, salt, created_by_id, created_at
    )
    SELECT ref, name, 'finished', true, hypothesis, primary_metric, '', design, '{}', starts_at, ends_at,
           outcome_days, share_held_out, contact_cost, '', %(by)s, %(at)s
    FROM fresh ORDER BY line
""")
_INSERT_RUNS = SQL("""
    INSERT INTO campaigns_run (
        campaign_id, state, doing, sentence, share_held_out, outcomes_from, outcomes_until, funnel, started_at,
        finished_at
    )
    SELECT campaign.id, 'finished', '', '', nullif(fresh.share_held_out, 0), fresh.starts_at,
           fresh.starts_at + make_interval(days => fresh.outcome_days::integer), '{}', fresh.starts_at, fresh.ends_at
    FROM fresh JOIN campaigns_campaign campaign USING (ref) ORDER BY fresh.starts_at
""")

CAMPAIGNS = Target(
    kind=kinds.CAMPAIGNS,
    table="campaigns_campaign",
    fields=(
        text("ref", source="campaign_ref"),
        text("name"),
        plain("starts_at"),
        plain("ends_at"),
        otherwise(_DAYS, "outcome_days"),
        otherwise("0", "contact_cost"),
        text("hypothesis"),
        text("primary_metric"),
        otherwise("'unknown'", "design"),
        Field("share_held_out", "share_held_out", expression="coalesce(staged.share_held_out, 0)::numeric(5, 4)"),
    ),
    key=("ref",),
    known=_KNOWN_CAMPAIGNS,
    inserts=(_INSERT_CAMPAIGNS, _INSERT_RUNS),
    checks=(
        Check("ends_at", "staged.ends_at <= staged.starts_at", "is not after starts_at"),
        Check(
            "campaign_ref",
            "known.id IS NOT NULL AND NOT known.imported",
            "is a campaign that was made here: give the past one another reference",
        ),
    ),
)

_PAST_RUNS = """(
    SELECT run.id, campaign.ref, run.outcomes_from
    FROM campaigns_run run JOIN campaigns_campaign campaign ON campaign.id = run.campaign_id WHERE campaign.imported
)"""
_KNOWN_ASSIGNMENTS = SQL("""
    SELECT decision.member_id AS id, decision.run_id, decision.member_id, decision.arm, given.offer_id, decision.at,
           decision.probability
    FROM campaigns_decision decision
    JOIN campaigns_run run ON run.id = decision.run_id
    JOIN campaigns_campaign campaign ON campaign.id = run.campaign_id AND campaign.imported
    LEFT JOIN campaigns_runoffer given ON given.id = decision.run_offer_id
""")
_INSERT_RUN_OFFERS = SQL("""
    INSERT INTO campaigns_runoffer (run_id, offer_id, position, imported, assigned, spend, price, budget_price)
    SELECT run_id, offer_id, taken + row_number() OVER (PARTITION BY run_id ORDER BY offer_id) - 1, true, 0, 0, 0, 0
    FROM (SELECT DISTINCT run_id, offer_id FROM fresh WHERE offer_id IS NOT NULL) wanted,
         LATERAL (SELECT count(*) AS taken FROM campaigns_runoffer known WHERE known.run_id = wanted.run_id) present
    WHERE NOT EXISTS (
        SELECT FROM campaigns_runoffer known WHERE known.run_id = wanted.run_id AND known.offer_id = wanted.offer_id
    )
""")
_INSERT_DECISIONS = SQL("""
    INSERT INTO campaigns_decision (run_id, member_id, arm, held_out, run_offer_id, probability, at)
    SELECT fresh.run_id, member_id, arm, arm = 'held_out', given.id, probability, at
    FROM fresh LEFT JOIN campaigns_runoffer given ON given.run_id = fresh.run_id AND given.offer_id = fresh.offer_id
    ORDER BY line
""")
_COUNT_ASSIGNED = SQL("""
    UPDATE campaigns_runoffer SET assigned = counted.members
    FROM (
        SELECT run_offer_id, count(*) AS members FROM campaigns_decision
        WHERE run_id IN (SELECT run_id FROM fresh) GROUP BY run_offer_id
    ) counted
    WHERE campaigns_runoffer.id = counted.run_offer_id
""")

ASSIGNMENTS = Target(
    kind=kinds.ASSIGNMENTS,
    table="campaigns_decision",
    fields=(
        Field("run_id", "campaign_ref", reference=Reference(_PAST_RUNS, "campaigns")),
        one_of("loyalty_member", "members", named="member"),
        text("arm"),
        one_of("offers_offer", "offers", named="offer"),
        otherwise("campaign.outcomes_from", "at"),
        plain("probability"),
    ),
    key=("run_id", "member_id"),
    known=_KNOWN_ASSIGNMENTS,
    inserts=(_INSERT_RUN_OFFERS, _INSERT_DECISIONS, _COUNT_ASSIGNED),
    checks=(
        Check(
            "offer_ref", "staged.arm = 'held_out' AND staged.offer_ref IS NOT NULL", "was given to a held-out member"
        ),
    ),
    fixed_reason="is known already with other content, and a decision does not change: leave the row out",
)
