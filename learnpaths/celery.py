"""The Celery application: `celery -A learnpaths.celery`."""

import os

from celery import Celery

from learnpaths.environment import check_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
check_settings(os.environ["DJANGO_SETTINGS_MODULE"])  # Celery would read them later, and show a traceback
app = Celery("learnpaths")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
