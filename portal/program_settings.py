"""Figures and settings of programs: OAuth 2 client credentials and nothing else (RFC 9700).

CJISSECPOL 6.0, IA-5: an authenticator is kept hashed, can be replaced and is revoked at once.
"""

from __future__ import annotations

from typing import Any

from environs import Env

env = Env()

PROGRAM_TOKEN_SECONDS: int = env.int("PROGRAM_TOKEN_SECONDS", 15 * 60)
PROGRAM_SECRET_OVERLAP_SECONDS: int = env.int("PROGRAM_SECRET_OVERLAP_SECONDS", 60 * 60)
PROGRAM_TOKENS_PER_MINUTE: int = env.int("PROGRAM_TOKENS_PER_MINUTE", 20)

OAUTH2_PROVIDER_APPLICATION_MODEL = "agencies.Program"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "agencies.program_grants.ProgramValidator",
    "SCOPES_BACKEND_CLASS": "agencies.program_grants.ProgramScopes",
    "SCOPES": {"read": "Read", "write": "Write"},
    "ACCESS_TOKEN_GENERATOR": "agencies.programs.new_access_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": PROGRAM_TOKEN_SECONDS,
    "APPLICATION_ADMIN_CLASS": "django.contrib.admin.ModelAdmin",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    **{
        f"COMPLIANT_BCP_RFC9700_{gate}": True
        for gate in (
            *("IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "PKCE_REQUIRED"),
            *("ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE"),
            *("REFRESH_TOKEN", "REDIRECT_URI_SCHEME", "REDIRECT_URI_MATCHING"),
        )
    },
}
