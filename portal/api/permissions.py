"""Whether a caller may use the interface at all; what they see of it is the rule's to say."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission

from portal.api.authentication import READ, WRITE


class Nobody(BasePermission):
    """What a view gets that declares nothing."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Return False."""
        return False


class Anyone(BasePermission):
    """Open without signing in: no data behind it."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Return True."""
        return True


class SignedIn(BasePermission):
    """A caller whose scopes include reading, and writing where the method changes something."""

    message = "The scopes of this token do not include this."

    def has_permission(self, request: Any, view: Any) -> bool:
        """Return whether the caller's scopes include what the method does."""
        needed = READ if request.method in SAFE_METHODS else WRITE
        return request.user is not None and needed in request.user.scopes


class SignedInToRead(SignedIn):
    """A caller whose scopes include reading, whatever the method: a search is sent by POST."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Return whether the caller may read."""
        return request.user is not None and READ in request.user.scopes
