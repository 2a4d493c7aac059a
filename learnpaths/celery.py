"""The Celery application: `celery -A learnpaths.celery`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
app = Celery("learnpaths")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
