"""Passwords are set and changed."""

from __future__ import annotations

from django.db import transaction

from agencies.authority import By
from agencies.models import Person
from agencies.services.securing import note_change, own_account


@transaction.atomic
def set_own_password(by: By, person: Person, *, password: str) -> Person:
    """Set a password that a form has judged already; other sessions and every token end."""
    locked = own_account(by, person)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    note_change(by, locked, "person.password_set", factor="password")
    person.refresh_from_db()
    return person
