from typing import Any

from django import template

from certification import criteria, evidence, selectors
from learnpaths.catalog.models import Path

register = template.Library()


@register.filter
def measured(value: Any) -> str:
    """Return a measured number as the badge writes it."""
    return evidence.number(value)


@register.filter
def exact(value: float) -> str:
    """Return a threshold as the criteria write it."""
    return criteria.exact(value)


@register.inclusion_tag("certification/_prospects.html", takes_context=True)
def certificates_of_path(context: template.Context, path: Path) -> dict[str, Any]:
    """What the person behind the request has earned on the path, or lacks for it; nothing for a visitor."""
    return {"prospects": selectors.prospects(context["request"].user, path)}
