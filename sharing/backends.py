"""``has_perm`` on records, answered by the rule under the hat that the person acts under."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied

from agencies.actors import Actor
from sharing.actions import Action
from sharing.asking import may
from sharing.sealed.model import SealedModel

ACTIONS = {
    "know": Action.KNOW,
    "list": Action.LIST,
    "view": Action.READ,
    "contribute": Action.CONTRIBUTE,
    "change": Action.EDIT,
    "release": Action.RELEASE,
}
"""Verbs of permissions and the actions they ask for; any other verb is refused."""


class RecordBackend:
    """Decides about records alone, and finally: no other backend is asked about them.

    It signs nobody in.  A permission on all records of a model, which guardian and Django call
    global, is refused whoever was given it.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """Return nobody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Return whether the person's present hat may do *perm* to the record or part *obj*.

        PermissionDenied, by which Django answers no at once, where it may not.
        """
        if obj is None:
            if is_about_records(perm):
                raise PermissionDenied
            return False
        if not isinstance(obj, SealedModel):
            return False
        action = _action(perm, obj)
        actor: Actor | None = getattr(user_obj, "actor", None)
        if action is None or actor is None or not user_obj.is_active:
            raise PermissionDenied
        if not may(actor, action, obj.pk):
            raise PermissionDenied
        return True


def is_about_records(perm: str) -> bool:
    """Return whether *perm* ("app.verb_model") is a permission on records or parts of them."""
    app_label, _, codename = perm.partition(".")
    return any(
        model._meta.app_label == app_label and codename.endswith(f"_{model._meta.model_name}")  # noqa: SLF001  (public by its documentation)
        for model in apps.get_models()
        if issubclass(model, SealedModel)
    )


def _action(perm: str, obj: SealedModel) -> Action | None:
    """Return what *perm* asks for; None where it is no permission on the model of *obj*."""
    app_label, _, codename = perm.rpartition(".")
    verb, _, model = codename.partition("_")
    options = obj._meta  # noqa: SLF001  (public by its documentation)
    if app_label not in ("", options.app_label) or model != options.model_name:
        return None
    return ACTIONS.get(verb)
