from typing import Any

from django import template

from certification import evidence

register = template.Library()


@register.filter
def measured(value: Any) -> str:
    """Return a measured number as the badge writes it."""
    return evidence.number(value)
