from typing import Any

import django.db.models.deletion
from django.db import migrations, models

# What was decided so far becomes the partition for whatever has none of its own. There one row per run and member is
# unique, and keys into members, runs and offers stay.
BY_RUN = """
ALTER TABLE campaigns_delivery DROP CONSTRAINT delivery_follows_a_treated_decision;
DROP TRIGGER decisions_are_append_only ON campaigns_decision;
ALTER TABLE campaigns_decision RENAME TO campaigns_decision_others;
ALTER TABLE campaigns_decision_others DROP CONSTRAINT decision_with_its_arm;
ALTER TABLE campaigns_decision_others
    DROP COLUMN id,
    ADD COLUMN rank smallint NOT NULL DEFAULT 0 CHECK (rank >= 0),
    ADD COLUMN explored boolean NOT NULL DEFAULT false;

CREATE TABLE campaigns_decision (LIKE campaigns_decision_others INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY LIST (run_id);
ALTER TABLE campaigns_decision
    ADD CONSTRAINT decision_with_its_arm UNIQUE (member_id, run_id, rank, held_out);
ALTER TABLE campaigns_decision ATTACH PARTITION campaigns_decision_others DEFAULT;

CREATE TRIGGER decisions_are_append_only BEFORE UPDATE OR DELETE ON campaigns_decision
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_more_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The decisions of run % are complete: a correction is a new run', NEW.run_id
        USING ERRCODE = 'restrict_violation';
END $$;
"""

KEYS = """
ALTER TABLE campaigns_delivery ADD CONSTRAINT delivery_follows_a_treated_decision
FOREIGN KEY (member_id, run_id, rank, held_out)
REFERENCES campaigns_decision (member_id, run_id, rank, held_out);
"""


def key(to: str, name: str, **facts: Any) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to=to,
        **facts,
    )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_what_a_run_is_expected_to_bring"), ("loyalty", "0002_append_only")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(BY_RUN)],
            state_operations=[
                migrations.DeleteModel("Decision"),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "run_id",
                                "member_id",
                                "rank",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("run", key("campaigns.run", "decisions")),
                        ("member", key("loyalty.member", "+")),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                db_default=0, default=0, help_text="0 is the best offer of the member."
                            ),
                        ),
                        (
                            "arm",
                            models.TextField(
                                help_text="held_out, treated, generic, or a past campaign's own cell name."
                            ),
                        ),
                        ("held_out", models.BooleanField()),
                        (
                            "explored",
                            models.BooleanField(
                                db_default=False, default=False, help_text="Drawn at random, to learn from it."
                            ),
                        ),
                        ("run_offer", key("campaigns.runoffer", "decisions", help_text="Empty: nothing.", null=True)),
                        (
                            "score",
                            models.FloatField(
                                help_text="Expected incremental margin, in money, when it was decided.", null=True
                            ),
                        ),
                        (
                            "probability",
                            models.FloatField(
                                help_text="Chance that the design gave this member this decision.", null=True
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("member", "run", "rank", "held_out"), name="decision_with_its_arm"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("arm", "held_out"), ("held_out", True), ("run_offer", None)),
                                    models.Q(("held_out", False), models.Q(("arm", "held_out"), _negated=True)),
                                    _connector="OR",
                                ),
                                name="held_out_gets_nothing",
                            ),
                        ]
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="rank",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Of the decision that it follows."
            ),
        ),
        migrations.RemoveConstraint(model_name="delivery", name="one_message_per_run_member_and_channel"),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("run", "member", "rank", "channel"), name="one_message_per_decision_and_channel"
            ),
        ),
        migrations.AlterField(
            model_name="chunk",
            name="stage",
            field=models.TextField(
                choices=[
                    ("plan", "Planning"),
                    ("decide", "Logging decisions"),
                    ("close", "Indexing decisions"),
                    ("deliver", "Delivering"),
                ]
            ),
        ),
        migrations.RunSQL(KEYS),
    ]
