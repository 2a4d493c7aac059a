from typing import Any

from django.core.management.base import BaseCommand

from learnpaths.search.indexing import index
from learnpaths.search.models import IndexState


class Command(BaseCommand):
    help = "Make the search index anew. A load of content does this by itself whenever something has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        IndexState.objects.all().delete()
        self.stdout.write(f"{index()} documents indexed")
