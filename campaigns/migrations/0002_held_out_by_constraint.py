from django.db import migrations

# Composite keys are not in Django's vocabulary. Together with the check that `held_out` is false, this one makes a
# delivery to a held-out member impossible on every path, raw SQL included.
KEYS = """
ALTER TABLE campaigns_delivery ADD CONSTRAINT delivery_follows_a_treated_decision
FOREIGN KEY (run_id, member_id, held_out) REFERENCES campaigns_decision (run_id, member_id, held_out);

CREATE TRIGGER decisions_are_append_only BEFORE UPDATE OR DELETE ON campaigns_decision
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

NO_KEYS = """
DROP TRIGGER decisions_are_append_only ON campaigns_decision;
ALTER TABLE campaigns_delivery DROP CONSTRAINT delivery_follows_a_treated_decision;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("loyalty", "0002_append_only")]

    operations = [migrations.RunSQL(KEYS, NO_KEYS)]
