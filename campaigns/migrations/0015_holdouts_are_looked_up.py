from django.db import migrations

# Of each member who is asked about, what is needed is looked up by itself: left to choose, the planner reads all members
# for every one of them where many came in, or went, since it was last told how many there are.
LOOKED_UP = """
CREATE OR REPLACE FUNCTION universal_holdout(members bigint[], runs bigint[], moments timestamptz[])
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT DISTINCT asked.member_id
    FROM unnest(members, runs, moments) asked (member_id, run_id, at)
    CROSS JOIN LATERAL (SELECT draw_id FROM campaigns_run WHERE id = asked.run_id LIMIT 1) run
    LEFT JOIN LATERAL (SELECT survivor_id FROM loyalty_alias WHERE member_id = asked.member_id LIMIT 1) alias ON true
    CROSS JOIN LATERAL (
        SELECT ref FROM loyalty_member WHERE id = coalesce(alias.survivor_id, asked.member_id) LIMIT 1
    ) person
    JOIN campaigns_draw draw
         ON draw.id = run.draw_id OR daterange(draw.begins, draw.ends) @> (asked.at AT TIME ZONE draw.zone)::date
    WHERE substring(sha256(convert_to(draw.universal_salt || '|' || person.ref, 'UTF8')) FROM 1 FOR 8)
          < draw.universal_threshold
$$;
"""
JOINED = """
CREATE OR REPLACE FUNCTION universal_holdout(members bigint[], runs bigint[], moments timestamptz[])
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT DISTINCT asked.member_id
    FROM unnest(members, runs, moments) asked (member_id, run_id, at)
    JOIN campaigns_run run ON run.id = asked.run_id
    JOIN campaigns_draw draw
         ON draw.id = run.draw_id OR daterange(draw.begins, draw.ends) @> (asked.at AT TIME ZONE draw.zone)::date
    LEFT JOIN loyalty_alias alias ON alias.member_id = asked.member_id
    JOIN loyalty_member person ON person.id = coalesce(alias.survivor_id, asked.member_id)
    WHERE substring(sha256(convert_to(draw.universal_salt || '|' || person.ref, 'UTF8')) FROM 1 FOR 8)
          < draw.universal_threshold
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0014_when_messages_may_go")]

    operations = [migrations.RunSQL(LOOKED_UP, JOINED)]
