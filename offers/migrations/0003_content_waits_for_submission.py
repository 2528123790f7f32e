from django.db import migrations

# A text written while its terms are being submitted waits for the submission, and is then refused: what was checked and
# shown to the approver is all there is. Without the lock it would have seen the draft and slipped in behind it.
WAIT = """
CREATE OR REPLACE FUNCTION freeze_content() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    terms bigint := coalesce(NEW.terms_id, OLD.terms_id);
    standing text;
BEGIN
    SELECT state INTO standing FROM offers_terms WHERE id = terms FOR SHARE;
    IF standing <> 'draft' THEN
        RAISE EXCEPTION 'content of terms % is frozen: make new terms instead', terms
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""

LOOK = """
CREATE OR REPLACE FUNCTION freeze_content() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    terms bigint := coalesce(NEW.terms_id, OLD.terms_id);
BEGIN
    IF EXISTS (SELECT 1 FROM offers_terms WHERE id = terms AND state <> 'draft') THEN
        RAISE EXCEPTION 'content of terms % is frozen: make new terms instead', terms
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0002_frozen_terms")]

    operations = [migrations.RunSQL(WAIT, LOOK)]
