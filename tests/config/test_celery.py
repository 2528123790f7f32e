import threading

from celery import current_app
from django.conf import settings

from config.celery import app


def test_unfinished_work_is_handed_on_when_a_worker_dies() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost


def test_no_task_outlives_the_time_after_which_it_is_handed_to_another() -> None:
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]


def test_worker_takes_one_task_at_a_time() -> None:
    assert app.conf.worker_prefetch_multiplier == 1


def test_messages_are_json_and_nothing_else() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_work_of_a_killed_worker_comes_back_within_seconds() -> None:
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["unacked_restore_interval"] <= 5


def test_tasks_sent_from_any_thread_use_this_app() -> None:
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(current_app.main))
    thread.start()
    thread.join()
    assert seen == ["liftwell"]
