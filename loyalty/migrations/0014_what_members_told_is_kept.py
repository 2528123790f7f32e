from django.db import migrations

# A member may have all of it deleted, and an erasure takes it along: both say so for their own transaction.
GUARDS = """
CREATE TRIGGER statements_are_append_only BEFORE UPDATE ON loyalty_statement
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statements_are_kept BEFORE DELETE ON loyalty_statement
FOR EACH ROW EXECUTE FUNCTION refuse_deletion();
"""
NO_GUARDS = """
DROP TRIGGER statements_are_kept ON loyalty_statement;
DROP TRIGGER statements_are_append_only ON loyalty_statement;
"""


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0013_what_members_tell_us")]

    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
