"""The site's web process with one address more: `python -m bench.pages.server FD`."""

import sys

from django.conf import settings

settings.ROOT_URLCONF = "bench.pages.urls"

from learnpaths.serving import web  # noqa: E402 - the addresses come first

if __name__ == "__main__":
    web.run(web.listen(sys.argv[1]))
