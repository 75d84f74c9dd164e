"""What an administrator may look at in the administration pages: this app and no other."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

SHOWN = ("agency", "agreement", "membership", "party", "person", "secondment", "taskforce")
PERMISSIONS = frozenset(f"agencies.view_{model}" for model in SHOWN)


class AdministratorBackend(BaseBackend):
    """Lets administrators view who there is; what they change goes through the services."""

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Any = None
    ) -> bool:
        """Return whether *perm* is to view something of this app, and the person administers."""
        return perm in PERMISSIONS and _administers(user_obj)

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Return whether the app is this one and the person administers."""
        return app_label == "agencies" and _administers(user_obj)


def _administers(user: Any) -> bool:
    return bool(user.is_active and user.is_staff)
