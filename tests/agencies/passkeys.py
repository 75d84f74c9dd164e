"""A passkey as a device would have registered it, for pages that only show or ask for it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT_VERIFIED_ATTESTED = 0x45
KEY_ID = b"a passkey of tests"


def a_credential() -> dict[str, Any]:
    """Return a registration whose private key nobody keeps."""
    public = ES256.from_cryptography_key(generate_private_key(SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, KEY_ID, public)
    host = sha256(b"localhost").digest()
    data = AuthenticatorData.create(host, PRESENT_VERIFIED_ATTESTED, 0, made)
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    key = websafe_encode(KEY_ID)
    return {
        "id": key,
        "rawId": key,
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
