import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
django_application = get_asgi_application()

from learnpaths.core.request_threads import RequestThreads  # noqa: E402 - it needs the settings

application = RequestThreads(django_application)
