"""Markdown and LaTeX outputs as the page can show them. Done in the jail: what a stranger's text costs, the stranger pays.

The page shows the HTML in a frame without scripts, as any other of a notebook.
"""

import base64
import io
from collections.abc import Callable
from typing import Any

MAX_TEXT = 32 * 2**10
_SHOWN = ("display_data", "execute_result", "update_display_data")


def rendering(send: Callable[..., Any]) -> Callable[..., Any]:
    """Return the session's `send` with a picture or HTML beside each Markdown or LaTeX output that has neither."""

    def send_rendered(stream: Any, message: Any, content: Any = None, *rest: Any, **options: Any) -> Any:
        kind = message["header"]["msg_type"] if isinstance(message, dict) else message
        body = message.get("content") if isinstance(message, dict) else content
        if kind in _SHOWN and isinstance(body, dict) and isinstance(body.get("data"), dict):
            body["data"] = {**body["data"], **rendered(body["data"])}
        return send(stream, message, content, *rest, **options)

    return send_rendered


def rendered(data: dict[str, Any]) -> dict[str, str]:
    """Return what an output lacks to be shown as more than its source; empty where nothing can be made."""
    if "text/html" in data or any(str(name).startswith("image/") for name in data):
        return {}
    try:
        if _is_text(data.get("text/markdown")):
            return {"text/html": _html(data["text/markdown"])}
        if _is_text(data.get("text/latex")):
            return {"image/png": _picture(data["text/latex"])}
    except Exception:  # whatever a renderer finds wrong with a learner's text: it is then shown as it was written
        return {}  # its source is shown
    return {}


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= MAX_TEXT


def _html(text: str) -> str:
    from markdown_it import MarkdownIt

    # No HTML of the source: its author decides about text and links, not about tags.
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _picture(text: str) -> str:
    """Return a PNG in base64 of one formula, as matplotlib sets it. Raises ValueError for what it cannot set."""
    from matplotlib.figure import Figure

    formula = text.strip().strip("$").strip().removeprefix(r"\displaystyle").strip()
    figure = Figure(figsize=(0.01, 0.01))
    figure.text(0, 0, f"${formula}$", fontsize=14)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110, bbox_inches="tight", pad_inches=0.08, facecolor="white")
    return base64.b64encode(file.getvalue()).decode()
