import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0002_programme_and_makings'),
        ('campaigns', '0012_stages_in_plain_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='making',
            name='run',
            field=models.ForeignKey(help_text='Empty: of the whole programme.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.run'),
        ),
    ]
