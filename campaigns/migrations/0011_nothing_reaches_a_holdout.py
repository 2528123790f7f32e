from django.db import migrations

# A ghost follows a decision about a held-out member, as a delivery follows one about a treated member.
GHOSTS = """
ALTER TABLE campaigns_ghost ADD CONSTRAINT ghost_follows_a_held_out_decision
FOREIGN KEY (member_id, run_id, rank, held_out)
REFERENCES campaigns_decision (member_id, run_id, rank, held_out);
"""
NO_GHOSTS = "ALTER TABLE campaigns_ghost DROP CONSTRAINT ghost_follows_a_held_out_decision"

FIXED = """
ALTER TABLE campaigns_draw ADD CONSTRAINT a_draw_has_a_threshold CHECK (octet_length(universal_threshold) = 8);

CREATE TRIGGER draws_are_append_only BEFORE UPDATE OR DELETE ON campaigns_draw
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_other_arms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Who is held out was fixed at launch: what it depends on in % cannot change, plan another campaign',
        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION refuse_other_arms_of_a_launched_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM campaigns_run run WHERE run.campaign_id = NEW.id
        AND (run.state <> 'failed' OR EXISTS (SELECT FROM campaigns_decision decided WHERE decided.run_id = run.id))
    ) THEN
        RAISE EXCEPTION 'Who is held out was fixed at launch: salt and share stay as they are, plan another campaign'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER arms_are_fixed_at_launch BEFORE UPDATE OF salt, share_held_out ON campaigns_campaign FOR EACH ROW
WHEN ((OLD.salt, OLD.share_held_out) IS DISTINCT FROM (NEW.salt, NEW.share_held_out))
EXECUTE FUNCTION refuse_other_arms_of_a_launched_campaign();

CREATE TRIGGER arms_of_a_run_are_fixed BEFORE UPDATE OF draw_id, shares, share_held_out ON campaigns_run FOR EACH ROW
WHEN ((OLD.draw_id, OLD.shares, OLD.share_held_out) IS DISTINCT FROM (NEW.draw_id, NEW.shares, NEW.share_held_out))
EXECUTE FUNCTION refuse_other_arms();
"""
NOT_FIXED = """
DROP TRIGGER arms_of_a_run_are_fixed ON campaigns_run;
DROP TRIGGER arms_are_fixed_at_launch ON campaigns_campaign;
DROP FUNCTION refuse_other_arms_of_a_launched_campaign();
DROP FUNCTION refuse_other_arms();
DROP TRIGGER draws_are_append_only ON campaigns_draw;
ALTER TABLE campaigns_draw DROP CONSTRAINT a_draw_has_a_threshold;
"""

# Worked out from the salt, and not looked up: nobody has to write down who is held out, and nobody can forget to. Each
# member is asked about by the draw of the run and by the one that holds at the moment; who was merged, by the reference
# of the one who stands for them, which is what plans hash.
UNIVERSAL = """
CREATE FUNCTION universal_holdout(members bigint[], runs bigint[], moments timestamptz[]) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
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

CREATE FUNCTION refuse_universal_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    members bigint[];
    runs bigint[];
    moments timestamptz[];
    held_out bigint;
BEGIN
    SELECT array_agg(member_id), array_agg(run_id), array_agg(at) INTO members, runs, moments
    FROM written WHERE state = 'sent' AND EXISTS (SELECT FROM campaigns_draw);
    IF members IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO held_out FROM universal_holdout(members, runs, moments);
    IF held_out > 0 THEN
        RAISE EXCEPTION 'Nothing was recorded: % of these members take part in nothing this year, leave them out', held_out
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER the_universal_holdout_receives_nothing AFTER INSERT ON campaigns_delivery
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_universal_deliveries();

CREATE TRIGGER the_universal_holdout_is_moved_nothing AFTER UPDATE ON campaigns_delivery
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_universal_deliveries();
"""
NO_UNIVERSAL = """
DROP TRIGGER the_universal_holdout_is_moved_nothing ON campaigns_delivery;
DROP TRIGGER the_universal_holdout_receives_nothing ON campaigns_delivery;
DROP FUNCTION refuse_universal_deliveries();
DROP FUNCTION universal_holdout(bigint[], bigint[], timestamptz[]);
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_holdouts_in_layers"), ("loyalty", "0005_who_is_one_person")]

    operations = [
        migrations.RunSQL(GHOSTS, NO_GHOSTS),
        migrations.RunSQL(FIXED, NOT_FIXED),
        migrations.RunSQL(UNIVERSAL, NO_UNIVERSAL),
    ]
