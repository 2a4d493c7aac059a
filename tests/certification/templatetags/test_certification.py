"""Numbers on a page are written as in the badge; a path shows what can be earned on it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

pytestmark = pytest.mark.django_db
PAGE = Template("{% load certification %}{% certificates_of_path path %}")


@pytest.mark.parametrize(
    ("text", "value", "expected"), [("measured", 0.0812345678, "0.0812346"), ("exact", 1e-7, "0.0000001")]
)
def test_numbers(text, value, expected):
    assert Template(f"{{% load certification %}}{{{{ value|{text} }}}}").render(Context({"value": value})) == expected


def test_what_can_be_earned_on_a_path(rf, credential, path, ada):
    request = rf.get("/")
    request.user = ada
    assert "TensorFlow Foundations" in PAGE.render(Context({"path": path, "request": request}))
    request.user = AnonymousUser()
    assert "TensorFlow Foundations" not in PAGE.render(Context({"path": path, "request": request}))
