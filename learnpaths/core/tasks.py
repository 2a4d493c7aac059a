"""What the site does for itself at intervals."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="core.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions whose time is over: nobody can use them any more."""
    call_command("clearsessions")
