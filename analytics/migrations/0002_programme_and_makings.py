import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
ALTER TABLE analytics_programmereport ADD CONSTRAINT a_programme_report_has_its_digest
CHECK (digest = encode(sha256(convert_to(body, 'UTF8')), 'hex'));

CREATE TRIGGER programme_reports_are_append_only BEFORE UPDATE OR DELETE ON analytics_programmereport
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0001_reports'),
        ('campaigns', '0011_nothing_reaches_a_holdout'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Making',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sentence', models.TextField(blank=True, help_text='Why none was made and what to do.')),
                ('asked_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.run')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='The first day of the month.')),
                ('label', models.TextField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=18)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-month', 'label'],
                'constraints': [models.UniqueConstraint(fields=('month', 'label'), name='a_cost_is_entered_once_a_month'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='a_cost_is_not_negative'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='a_cost_is_of_a_whole_month'), models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='a_cost_says_for_what')],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField(help_text='Its first day.')),
                ('version', models.PositiveIntegerField(help_text='1 is the first; the highest is in force.')),
                ('body', models.TextField(help_text='Canonical JSON of `programme.Quarter`, to the byte.')),
                ('digest', models.TextField(help_text='SHA-256 (hexadecimal) of the body.')),
                ('as_of', models.DateTimeField(help_text='What was in the record by then is in the report.')),
                ('code', models.TextField(help_text='Which code made it.')),
                ('is_final', models.BooleanField(help_text='Late purchases restate it no more.')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.draw')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('draw', 'quarter', 'version'), name='versions_of_a_quarter_are_numbered')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER programme_reports_are_append_only ON analytics_programmereport"),
    ]
