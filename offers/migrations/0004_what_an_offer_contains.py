import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offers', '0003_content_waits_for_submission'),
    ]

    operations = [
        migrations.AddField(
            model_name='terms',
            name='contains',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=[('meat', 'Meat'), ('pork', 'Pork'), ('fish', 'Fish and seafood'), ('milk', 'Milk'), ('eggs', 'Eggs'), ('gluten', 'Gluten'), ('nuts', 'Nuts'), ('alcohol', 'Alcohol')]), blank=True, db_default=[], default=list, help_text='What is in it that some members do not eat or drink: it is kept away from those who told us so.', size=None),
        ),
    ]
