"""Rows that only the site writes."""

import pytest
from django.contrib import admin

from learnpaths.accounts.models import User
from learnpaths.core.admin import ReadOnlyAdmin

pytestmark = pytest.mark.django_db


def test_even_a_superuser_only_looks(rf, charlie):
    request = rf.get("/")
    request.user = charlie
    rows = ReadOnlyAdmin(User, admin.site)
    assert rows.has_view_permission(request)
    assert not rows.has_add_permission(request)
    assert not rows.has_change_permission(request, charlie)
    assert not rows.has_delete_permission(request, charlie)
