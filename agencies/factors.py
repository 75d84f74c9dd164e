"""Second factors as allauth asks us to keep them: what a person has, encrypted, under our name."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.http import HttpRequest
from qrcode.image.svg import SvgPathFillImage

from agencies.encryption import decrypt, encrypt
from agencies.models import Person

PASSKEY, APP, CODES = (
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.TOTP,
    Authenticator.Type.RECOVERY_CODES,
)
FACTORS = {PASSKEY: "passkey", APP: "app", CODES: "recovery_codes"}
"""How the audit log calls them."""

HAS_FACTOR = "has_factor"
"""Key of the session: its person has a second factor, or showed their agency's sign-in one."""


class PortalFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted and calls things by names that people know."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret again."""
        return decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Return the picture of a key, black on white in the dark too: cameras want it so."""
        drawn: bytes = qrcode.make(url, image_factory=SvgPathFillImage).to_string()
        return drawn.decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the name under which a device shows a passkey of this portal."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Liaison"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """Return a name for a passkey that its person gave none."""
        number = factors_of(user).filter(type=PASSKEY).count() + 1
        return f"Passkey {number}"

    def send_notification_mail(self, *args: Any, **options: Any) -> None:
        """Send nothing: the services tell."""


def factors_of(person: Person) -> QuerySet[Authenticator]:
    """Return the passkeys and the app of a person; recovery codes only stand in for one."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=person)
    return found.filter(type__in=(PASSKEY, APP))


def codes_of(person: Person) -> QuerySet[Authenticator]:
    """Return the recovery codes of a person."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=person, type=CODES)
    return found


def takes_passkeys(request: HttpRequest) -> bool:
    """Return whether a browser makes passkeys for this address: it takes a name, not a number."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def has_factor(request: HttpRequest, person: Person) -> bool:
    """Return whether the person of the session has one; asked once a session.

    The last one is not given up while one is required, and giving up any ends other sessions.
    """
    if not request.session.get(HAS_FACTOR):
        if not factors_of(person).exists():
            return False
        request.session[HAS_FACTOR] = True
    return True
