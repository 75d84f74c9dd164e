"""What must be read again and not by whoever reads the database: encrypted under SECRET_KEY."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"liaison: secrets at rest"


def encrypt(text: str) -> str:
    """Return *text* as it is kept (AES-128-CBC with HMAC-SHA-256: Fernet)."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Return the text again; ValueError where no key of ours made it."""
    try:
        return _keys().decrypt(kept).decode()
    except InvalidToken as error:
        raise ValueError("No key of this portal made this.") from error


def _keys() -> MultiFernet:
    """Return the key now in use, then the older ones that are still accepted."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(secret)) for secret in known])


def _derived(secret: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(key)
