"""Open Badges 3.0 as data: build, sign and verify them. No Django, no Celery, no network."""
