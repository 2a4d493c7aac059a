"""What a lesson's page has for code that runs in it: `{% lesson_cell block %}` for each cell, `{% lesson_kernel %}` once."""

from typing import Any

from django import template
from django.template.context import RequestContext

from exercises.pages.script_messages import LESSON
from learnpaths.catalog.blocks import Block

register = template.Library()


@register.inclusion_tag("exercises/_lesson_cell.html", takes_context=True)
def lesson_cell(context: RequestContext, block: Block) -> dict[str, Any]:
    """The code of a cell, and how to run it."""
    return {"block": block, "step": context["step"], "user": context["user"]}


@register.inclusion_tag("exercises/_lesson_kernel.html", takes_context=True)
def lesson_kernel(context: RequestContext) -> dict[str, Any]:
    """The script of the cells and what it needs; nothing for a visitor."""
    return {"step": context["step"], "user": context["user"], "words": LESSON}
