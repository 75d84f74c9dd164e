"""Settings of signing in through an agency's own identity provider; each is a row, none is here."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from environs import Env

from portal.installation_settings import PRODUCTION

__all__ = [
    "SAML_INSTALLED",
    "SIGN_IN_NETWORKS",
    "SIGN_IN_ON_LOOPBACK",
    "SINGLE_SIGN_ON_APPS",
    "SOCIALACCOUNT_ADAPTER",
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION",
    "SOCIALACCOUNT_LOGIN_ON_GET",
    "SOCIALACCOUNT_PROVIDERS",
    "SOCIALACCOUNT_REQUESTS_TIMEOUT",
    "SOCIALACCOUNT_STORE_TOKENS",
]

env = Env()

SAML_INSTALLED: bool = find_spec("onelogin") is not None
SINGLE_SIGN_ON_APPS = [
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(["allauth.socialaccount.providers.saml"] if SAML_INSTALLED else []),
]
SOCIALACCOUNT_ADAPTER = "agencies.single_sign_on.AgencyProviders"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}

# A provider on this machine, without TLS: for the demonstration and for development alone.
SIGN_IN_ON_LOOPBACK: bool = not PRODUCTION

# Networks beside the internet in which agencies' sign-ins may lie, such as 10.20.0.0/16: whatever
# machines are there can be asked by what a provider says of itself.
_networks: list[str] = env.list("SIGN_IN_NETWORKS", [])
SIGN_IN_NETWORKS: list[IPv4Network | IPv6Network] = [ip_network(one.strip()) for one in _networks]
