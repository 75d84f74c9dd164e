"""People, their accounts and how long they stay signed in."""

from __future__ import annotations

from portal.installation_settings import DEMO, PORTAL_URL

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_SUBJECT_PREFIX",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_LOGOUT_ON_GET",
    "ACCOUNT_PREVENT_ENUMERATION",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_SESSION_REMEMBER",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD",
    "ANONYMOUS_USER_NAME",
    "AUTHENTICATION_BACKENDS",
    "AUTH_USER_MODEL",
    "GUARDIAN_MONKEY_PATCH_GROUP",
    "GUARDIAN_MONKEY_PATCH_USER",
    "LOGIN_REDIRECT_URL",
    "LOGIN_URL",
    "LOGOUT_REDIRECT_URL",
    "SESSION_COOKIE_AGE",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE",
    "SILENCED_SYSTEM_CHECKS",
]

AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = [
    "sharing.backends.RecordBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "agencies.backends.AdministratorBackend",
]
# Permissions are answered by a backend of our own, from the one rule.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

LOGIN_URL = "personas" if DEMO else "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "agencies.accounts.PortalAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Liaison] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PORTAL_URL.partition(":")[0]
# A shift of officers signs in from one address; failures of an account are counted in the database.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "20/m/ip"}

# CJISSECPOL 6.0: 12 hours absolute, no longer than the browser.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
