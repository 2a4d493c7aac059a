from django import template

from learnpaths.accounts import return_address

register = template.Library()


@register.simple_tag(takes_context=True)
def return_query(context: template.Context) -> str:
    """Return what makes a link to *Sign in* or *Create account* lead back to this page."""
    return return_address.return_query(context["request"])
