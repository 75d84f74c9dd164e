"""The certificates that the machine trusts; what is downloaded is to trust the same."""

from __future__ import annotations

import ssl
from pathlib import Path

BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


def bundle() -> str | None:
    """Return the file with the certificates that the machine trusts, where it has one."""
    places = (ssl.get_default_verify_paths().cafile, *BUNDLES)
    return next((place for place in places if place and Path(place).is_file()), None)
