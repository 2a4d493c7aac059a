"""`/design/`: every part of the pages in each of its states, made of the same templates that the pages use."""

import re
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

COLOURS = ("ink", "ink-soft", "paper", "surface", "sunken", "line", "line-strong", "accent", "accent-soft", "on-accent")
TONES = ("good", "good-soft", "bad", "bad-soft", "warn", "warn-soft")
CODE = ("code-comment", "code-keyword", "code-string", "code-number", "code-name", "code-builtin")


class SampleForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As it stands on the certificate."))
    code = forms.CharField(label=_("Code"), required=False)
    is_public = forms.BooleanField(label=_("Show me in the certificate network"), required=False)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the tokens, the icons and the components."""
    context = {
        "colours": [*COLOURS, *TONES, *CODE],
        "icons": _icons(),
        "tones": ("", "good", "warn", "bad"),
        "form": SampleForm({"name": "", "code": "7"}),
        "bars": [_progress(done) for done in (0, 3, 8)],
        "step": SimpleNamespace(title=_("Gradient descent"), get_absolute_url="#steps"),
    }
    return render(request, "core/design.html", context)


def _icons() -> list[str]:
    sprite = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    return re.findall(r'<symbol id="([\w-]+)"', sprite)


def _progress(done: int) -> dict[str, Any]:
    return {"done": done, "total": 8, "percent": done * 100 // 8}
