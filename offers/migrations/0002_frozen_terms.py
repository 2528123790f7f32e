from django.db import migrations

# Once submitted, only the state of terms moves, and only forwards; their content does not move at all.
FREEZE_TERMS = """
CREATE FUNCTION freeze_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN RETURN NEW; END IF;
    IF (to_jsonb(NEW) - 'state') IS DISTINCT FROM (to_jsonb(OLD) - 'state')
       OR NOT (OLD.state = NEW.state OR OLD.state = 'submitted' AND NEW.state IN ('approved', 'returned')) THEN
        RAISE EXCEPTION 'terms % are frozen: make new terms instead', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_terms_are_frozen BEFORE UPDATE ON offers_terms
FOR EACH ROW EXECUTE FUNCTION freeze_terms();

CREATE FUNCTION freeze_content() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER submitted_content_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON offers_content
FOR EACH ROW EXECUTE FUNCTION freeze_content();

CREATE FUNCTION approve_only_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM offers_terms WHERE id = NEW.terms_id AND state IN ('submitted', 'approved')
                   AND author_id IS NOT DISTINCT FROM NEW.author_id) THEN
        RAISE EXCEPTION 'terms % were not submitted by that author', NEW.terms_id
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_submitted_terms_are_approved BEFORE INSERT ON offers_approval
FOR EACH ROW EXECUTE FUNCTION approve_only_submitted();
CREATE TRIGGER approvals_are_append_only BEFORE UPDATE ON offers_approval
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reviews_are_append_only BEFORE UPDATE OR DELETE ON offers_review
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

THAW = """
DROP TRIGGER reviews_are_append_only ON offers_review;
DROP TRIGGER approvals_are_append_only ON offers_approval;
DROP TRIGGER only_submitted_terms_are_approved ON offers_approval;
DROP FUNCTION approve_only_submitted();
DROP TRIGGER submitted_content_is_frozen ON offers_content;
DROP FUNCTION freeze_content();
DROP TRIGGER submitted_terms_are_frozen ON offers_terms;
DROP FUNCTION freeze_terms();
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial"), ("loyalty", "0002_append_only")]

    operations = [migrations.RunSQL(FREEZE_TERMS, THAW)]
