"""Second factors are added, named, removed and renewed: passkeys, an authenticator app, codes.

What is kept of them is allauth's; secrets are encrypted by the adapter it asks.
"""

from __future__ import annotations

import binascii
from base64 import b32decode
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction

from agencies.authority import By
from agencies.factors import CODES, FACTORS, PASSKEY, codes_of, factors_of
from agencies.lines import line
from agencies.models import Person
from agencies.posts import agencies_ever_of
from agencies.refusals import Conflict, Invalid, NotAllowed
from agencies.services.securing import note_change, own_account
from ledger.doer import Portal
from ledger.models import Event
from ledger.services import record_event

LAST = "This is your only second factor. Add another one first."
SHORTEST_SECRET = 10
"""Bytes: 80 bits, the least that apps accept; ours have 160 (RFC 4226, section 4)."""


@transaction.atomic
def add_authenticator_app(by: By, person: Person, *, secret: str) -> Authenticator:
    """Have *person* sign in with the codes of an app that holds *secret* (base32).

    The first factor brings recovery codes along.  Raises Conflict where there is an app already.
    """
    person = own_account(by, person)
    if factors_of(person).filter(type=Authenticator.Type.TOTP).exists():
        raise Conflict("You have an authenticator app already.", code="has_app")
    made: Authenticator = TOTP.activate(person, _base32(secret)).instance
    _added(by, person, made)
    return made


@transaction.atomic
def add_passkey(by: By, person: Person, *, name: str, credential: dict[str, Any]) -> Authenticator:
    """Have *person* sign in with a passkey, whose registration has been verified."""
    person = own_account(by, person)
    made: Authenticator = WebAuthn.add(person, line("name", name, longest=60), credential).instance
    _added(by, person, made)
    return made


@transaction.atomic
def rename_passkey(by: By, passkey: Authenticator, *, name: str) -> Authenticator:
    """Call a passkey something else."""
    person = own_account(by, passkey.user)
    passkey = factors_of(person).select_for_update().get(pk=passkey.pk)
    passkey.wrap().name = line("name", name, longest=60)
    passkey.save(update_fields=["data"])
    record_event(by, "person.factor_renamed", person, concerns=agencies_ever_of(person))
    return passkey


@transaction.atomic
def remove_factor(by: By, factor: Authenticator) -> None:
    """Take a passkey or the app away; never the last one of whoever must have one."""
    person = own_account(by, factor.user)
    held = factors_of(person)
    if settings.SECOND_FACTOR_REQUIRED and not held.exclude(pk=factor.pk).exists():
        raise Conflict(LAST, code="last_factor")
    held.filter(pk=factor.pk).delete()
    if not held.exists():
        codes_of(person).delete()
    note_change(by, person, "person.factor_removed", factor=FACTORS[factor.type])


@transaction.atomic
def renew_recovery_codes(by: By, person: Person) -> Authenticator:
    """Make ten new recovery codes; the old ones are worth nothing from now on."""
    person = own_account(by, person)
    if not factors_of(person).exists():
        raise NotAllowed("Recovery codes stand in for a second factor; add one first.")
    codes_of(person).delete()
    made: Authenticator = RecoveryCodes.activate(person).instance
    note_change(by, person, "person.recovery_codes_renewed", factor=FACTORS[CODES])
    return made


@transaction.atomic
def note_refused_passkey(person: Person | None) -> None:
    """Write that a passkey was shown that is not *person*'s, or nobody's.

    It is not counted like a password or a code: there is nothing about it to guess.
    """
    record_event(
        Portal(),
        "person.sign_in_failed",
        person,
        outcome=Event.Outcome.REFUSED,
        factor=FACTORS[PASSKEY],
    )


def _added(by: By, person: Person, factor: Authenticator) -> None:
    RecoveryCodes.activate(person)
    note_change(by, person, "person.factor_added", factor=FACTORS[factor.type])


def _base32(secret: str) -> str:
    """Return the secret as apps write it: capitals, no spaces, padded."""
    plain = secret.replace(" ", "").replace("-", "").rstrip("=").upper()
    plain += "=" * (-len(plain) % 8)
    try:
        raw = b32decode(plain)
    except binascii.Error as error:
        raise Invalid({"totp_secret": "This is not base32."}) from error
    if len(raw) < SHORTEST_SECRET:
        raise Invalid({"totp_secret": f"Give at least {SHORTEST_SECRET} bytes."})
    return plain
