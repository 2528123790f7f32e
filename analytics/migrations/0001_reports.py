import django.db.models.deletion
from django.db import migrations, models

KEPT = """
ALTER TABLE analytics_report ADD CONSTRAINT a_report_has_its_digest
CHECK (digest = encode(sha256(convert_to(body, 'UTF8')), 'hex'));

CREATE TRIGGER reports_are_append_only BEFORE UPDATE OR DELETE ON analytics_report
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0008_decisions_by_run'),
        ('loyalty', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='1 is the first; the highest is in force.')),
                ('body', models.TextField(help_text='Canonical JSON of `body.Body`, to the byte.')),
                ('digest', models.TextField(help_text='SHA-256 (hexadecimal) of the body.')),
                ('as_of', models.DateTimeField(help_text='What was in the record by then is in the report.')),
                ('last_line', models.PositiveBigIntegerField(help_text='The newest purchase line that was in the record.')),
                ('code', models.TextField(help_text='Which code made it: the same record gives the same report only by it.')),
                ('clip_at', models.JSONField(default=dict, help_text='Beyond which size values are held, by metric; the first version fixes it.')),
                ('is_final', models.BooleanField(help_text='Late purchases restate it no more.')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.run')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('run', 'version'), name='versions_of_a_report_are_numbered'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='a_report_begins_with_version_1')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER reports_are_append_only ON analytics_report"),
    ]
