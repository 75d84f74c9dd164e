"""A person says how they want pages; it follows them to every device."""

from __future__ import annotations

from django.db import transaction

from agencies.actors import Actor
from agencies.models import Person
from agencies.models.person import Theme
from agencies.refusals import Invalid
from ledger.services import record_event


@transaction.atomic
def set_preferences(
    actor: Actor, *, theme: str | None = None, single_keys: bool | None = None
) -> Person:
    """Keep how whoever acts wants pages; None leaves a setting as it is.  Idempotent."""
    if theme is not None and theme not in Theme.values:
        raise Invalid({"theme": ["Choose light, dark or as the device."]})
    person = Person.objects.select_for_update().get(pk=actor.person_id)
    before = (person.theme, person.single_keys)
    person.theme = person.theme if theme is None else theme
    person.single_keys = person.single_keys if single_keys is None else single_keys
    if before != (person.theme, person.single_keys):
        person.save(update_fields=["theme", "single_keys"])
        record_event(
            actor, "person.preferred", person, theme=person.theme, single_keys=person.single_keys
        )
    return person
