"""The project package. It stays empty: the Django-free rooms below it must import without Django or Celery."""
