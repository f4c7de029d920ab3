"""The Celery application, for `celery -A celery_worker.celery worker` and `... beat`."""

from app import create_app

celery = create_app().extensions["celery"]
