"""django-guardian's object permissions on records, as read-only views over the rule."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from sharing.models.record import Record
from sharing.sealed.key import SealedKey


class GrantedElsewhere(RuntimeError):
    """A permission was about to be assigned past the services."""

    def __init__(self) -> None:
        super().__init__(
            "Access to records is not assigned. Ask with sharing.services.open_request and let a "
            "supervisor of the owner approve it; end it with sharing.services.revoke_grant."
        )


class ReadOnlyUserPermissions(UserObjectPermissionManager):
    """Reads the view; every way of assigning or removing raises."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise GrantedElsewhere

    assign = assign_perm = assign_perm_to_many = bulk_assign_perm = _refuse
    remove_perm = remove_perm_from_many = bulk_remove_perm = _refuse
    create = bulk_create = get_or_create = update_or_create = _refuse


class ReadOnlyGroupPermissions(GroupObjectPermissionManager):
    """Reads the empty view; every way of assigning or removing raises."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise GrantedElsewhere

    assign = assign_perm = assign_perm_to_many = bulk_assign_perm = _refuse
    remove_perm = remove_perm_from_many = bulk_remove_perm = _refuse
    create = bulk_create = get_or_create = update_or_create = _refuse


class RecordUserPermission(UserObjectPermissionBase):
    """That a person has a permission on a record; a row of a view over ``sharing_access``."""

    content_object = SealedKey(Record, models.DO_NOTHING)

    objects: ClassVar = ReadOnlyUserPermissions()

    class Meta:
        managed = False
        db_table = "sharing_recorduserpermission"
        unique_together: ClassVar[list[str]] = []

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the rule gives access, nothing else does."""
        raise GrantedElsewhere

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the rule takes access away, nothing else does."""
        raise GrantedElsewhere


class RecordGroupPermission(GroupObjectPermissionBase):
    """Groups hold nothing: a view without rows."""

    content_object = SealedKey(Record, models.DO_NOTHING)

    objects: ClassVar = ReadOnlyGroupPermissions()

    class Meta:
        managed = False
        db_table = "sharing_recordgrouppermission"
        unique_together: ClassVar[list[str]] = []

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: groups hold nothing."""
        raise GrantedElsewhere

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: groups hold nothing."""
        raise GrantedElsewhere
