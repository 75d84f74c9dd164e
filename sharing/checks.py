"""What would let somebody past the rule by way of Django's or guardian's own permissions."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register

BACKEND = "sharing.backends.RecordBackend"


def check_backend(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse any backend that would be asked about records before ours."""
    if settings.AUTHENTICATION_BACKENDS[:1] == [BACKEND]:
        return []
    return [
        Error(
            "Another backend is asked about records before the rule.",
            hint=f"Put {BACKEND} first in AUTHENTICATION_BACKENDS.",
            id="sharing.E001",
        )
    ]


def check_guardian(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse guardian's anonymous person and the methods by which a person assigns permissions."""
    wrong = [
        name
        for name in ("GUARDIAN_MONKEY_PATCH_USER", "GUARDIAN_MONKEY_PATCH_GROUP")
        if getattr(settings, name, True)
    ]
    if getattr(settings, "ANONYMOUS_USER_NAME", "") is not None:
        wrong.append("ANONYMOUS_USER_NAME")
    return [
        Error(f"{name} opens a way past the rule.", hint="Unset it.", id="sharing.E002")
        for name in wrong
    ]


def check_global_permissions(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Refuse a permission on all records at once; it is never honored, and somebody meant it."""
    if "default" not in (databases or []):
        return []
    from sharing.backends import is_about_records

    return [
        Error(
            f"{holder} was given {permission} on all records.",
            hint="Take it away: access comes from grants.",
            id="sharing.E003",
        )
        for holder, permission in _held_globally()
        if is_about_records(permission)
    ]


def register_all() -> None:
    """Add every check of this file."""
    register(check_backend, Tags.security)
    register(check_guardian, Tags.security)
    register(check_global_permissions, Tags.database)


def _held_globally() -> list[tuple[str, str]]:
    """Return every global permission with what kind of holder has it."""
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    found = []
    for holder, held in (("A person", "user__isnull"), ("A group", "group__isnull")):
        for one in permissions.filter(**{held: False}).distinct():
            found.append((holder, f"{one.content_type.app_label}.{one.codename}"))
    return found
