from django.db import migrations

# What somebody allowed, and when, has to be proven for as long as we act on it, so it goes with the person alone:
# an erasure says so for its own transaction, by `SET LOCAL liftwell.erasing = 'on'`.
GUARDS = """
CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('liftwell.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: only the erasure of a person deletes from it', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consents_are_kept BEFORE DELETE ON loyalty_consent
FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
"""
NO_GUARDS = """
DROP TRIGGER consents_are_kept ON loyalty_consent;
DROP FUNCTION refuse_deletion();
"""


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0006_load_quality")]

    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
