"""Nobody changes an account that may do more than they may."""

import pytest
from django.contrib.auth.models import Group, Permission

from learnpaths.accounts.powers import may_change, powers_of

pytestmark = pytest.mark.django_db


def test_powers_are_rights_groups_and_marks(alice, charlie):
    assert powers_of(alice) == frozenset()
    group = Group.objects.create(name="helpers")
    group.permissions.add(Permission.objects.get(codename="view_submission"))
    alice.groups.add(group)
    alice.user_permissions.add(Permission.objects.get(codename="view_user"))
    assert powers_of(alice) == {"right accounts.view_user", "right exercises.view_submission", "group helpers"}
    assert {"staff", "superuser"} <= powers_of(charlie)


def test_a_superuser_may_change_everybody(alice, charlie):
    assert may_change(charlie, alice)
    assert not may_change(alice, charlie)


def test_others_may_change_who_may_do_no_more(alice, bob):
    assert may_change(bob, alice)
    assert not may_change(alice, bob)
    assert may_change(alice, alice)


def test_powers_of_a_sleeping_account_count(alice, charlie):
    charlie.is_active = False
    charlie.save()
    alice.is_staff = True
    alice.save()
    assert not may_change(alice, charlie)
