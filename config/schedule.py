"""What Celery beat starts and how often; each entry is a hint to look, the database says what there is to do."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "find work that was left undone": {"task": "campaigns.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "find uploads that were left undone": {
        "task": "config.sweep_uploads",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "find members who may be one person": {
        "task": "loyalty.link_members",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "draw the next holdouts": {"task": "campaigns.redraw_holdouts", "schedule": crontab(hour="1", minute="0")},
    # Ahead of the profiles, which say what the scorers in use expect.
    "learn from past decisions": {"task": "campaigns.train_scorers", "schedule": crontab(hour="2", minute="0")},
    "build the day's profiles": {"task": "loyalty.build_snapshot", "schedule": crontab(hour="3", minute="0")},
    # After the night's loads, so that the day before is whole.
    "tell what campaigns brought": {"task": "analytics.freeze_reports", "schedule": crontab(hour="4", minute="0")},
    "tell of windows that closed": {
        "task": "analytics.close_reports",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tell what the programme brings": {
        "task": "analytics.freeze_programme",
        "schedule": crontab(day_of_week="mon", hour="5", minute="0"),
    },
    "forget what machines were answered": {"task": "loyalty.forget_answers", "schedule": crontab(minute="10")},
}
