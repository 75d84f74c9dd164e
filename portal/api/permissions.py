"""Whether a caller may use the interface at all; what they see of it is the rule's to say."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission

from agencies.tokens import ADMINISTER, READ, WRITE


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


class Administering(SignedIn):
    """A caller whose scopes include acting on people and agencies, to look at them as well.

    A token has that scope if its holder gave it; of a session, each act asks for a confirmation.
    """

    def has_permission(self, request: Any, view: Any) -> bool:
        """Return whether the caller may administer where their posts let them."""
        return super().has_permission(request, view) and ADMINISTER in request.user.scopes
