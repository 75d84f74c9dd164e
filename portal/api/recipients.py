"""Whoever is to receive, found by what a program calls them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from agencies.models import Agency, Membership, Roster, TaskForce
from agencies.refusals import Invalid

NOBODY = "There is nobody on board of that name."


def roster_named(said: Mapping[str, str]) -> UUID:
    """Return the roster that *said* names; Invalid, at ``to``, where it names none or several."""
    name = said.get("name", "")
    if "id" in said:
        return _by_id(said["id"], said.get("kind"))
    if "email" in said or "@" in name:
        return _by_email(said.get("email", name), said.get("agency"))
    return _by_short_name(said.get("short_name", name), said.get("kind"))


def _by_id(text: str, kind: str | None) -> UUID:
    try:
        found = Roster.objects.filter(pk=UUID(text))
    except ValueError:
        found = Roster.objects.none()
    if kind is not None:
        found = found.filter(kind=kind)
    roster = found.first()
    if roster is None:
        raise Invalid({"to": NOBODY})
    return UUID(str(roster.pk))


def _by_email(email: str, agency: str | None) -> UUID:
    posts = Membership.objects.acting().people().filter(person__email__iexact=email)
    if agency is not None:
        posts = posts.filter(agency__short_name__iexact=agency)
    found = list(posts.values_list("pk", flat=True)[:2])
    if len(found) > 1:
        raise Invalid({"to": "This person has several posts; name the agency as well."})
    if not found:
        raise Invalid({"to": NOBODY})
    return UUID(str(found[0]))


def _by_short_name(name: str, kind: str | None) -> UUID:
    models: dict[str, type[Agency] | type[TaskForce]] = {"agency": Agency, "task_force": TaskForce}
    wanted = [model for key, model in models.items() if kind in (None, key)]
    for model in wanted:
        found = model.objects.filter(short_name__iexact=name).first()
        if found is not None:
            return UUID(str(found.pk))
    raise Invalid({"to": NOBODY})
