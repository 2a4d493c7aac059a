from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AccountsConfig(AppConfig):
    name = "learnpaths.accounts"


class AdministrationConfig(AdminConfig):
    """Django's admin with our own site in place of its."""

    default = False
    default_site = "learnpaths.accounts.administration.Administration"
