"""What an address that leads nowhere was looking for, and where that kind of thing is listed."""

import re
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Missing(NamedTuple):
    """A kind of page: its title and sentence where it is missing, and the URL name and words of its list, if there is one."""

    title: Any
    text: Any
    list_name: str = ""
    list_label: Any = ""


_TYPED = _("The address may be mistyped, or it has another name now. Look for it:")
PAGE = Missing(_("There is no such page"), _TYPED)
LESSON = Missing(_("There is no such lesson"), _TYPED, "paths", _("See all paths"))
KINDS = (
    (r"/paths/[^/]+/?", Missing(_("There is no such path"), _TYPED, "paths", _("See all paths"))),
    (r"/paths/[^/]+/.+", LESSON),
    (r"/exercises/.+", Missing(_("There is no such exercise"), _TYPED, "exercises", _("See all exercises"))),
    (
        r"/submissions/.+",
        Missing(
            _("There is no such submission, or it is not yours"),
            _("A submission is shown only to the person who made it. Use the account that made it."),
            "exercises",
            _("See all exercises"),
        ),
    ),
    (
        r"/certificates/.+",
        Missing(
            _("There is no such certificate"),
            _(
                "The address may be mistyped: it ends in the code of the certificate. You can also type the code where certificates are verified."
            ),
            "verify",
            _("Verify a certificate"),
        ),
    ),
    (r"/credentials/.+", Missing(_("There is no such certificate to earn"), _TYPED, "paths", _("See all paths"))),
)


def kind_of(path: str) -> Missing:
    """Return what somebody looked for at an address."""
    return next((kind for pattern, kind in KINDS if re.fullmatch(pattern, path)), PAGE)


def words_of(path: str) -> str:
    """Return the last part of an address as words to search for; nothing where it holds a code."""
    last = path.rstrip("/").rpartition("/")[2]
    return re.sub(r"[\W_]+", " ", last).strip()[:60] if re.search(r"[^\W\d]{3}", last) and len(last) < 36 else ""
