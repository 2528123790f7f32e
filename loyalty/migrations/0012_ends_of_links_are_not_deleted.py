from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0011_when_members_were_told")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER ended_links_are_kept BEFORE DELETE ON loyalty_linksended "
            "FOR EACH ROW EXECUTE FUNCTION refuse_deletion()",
            "DROP TRIGGER ended_links_are_kept ON loyalty_linksended",
        ),
    ]
