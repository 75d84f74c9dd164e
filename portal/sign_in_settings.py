"""The figures of signing in, and the rule they come from; the demonstration is easier on people.

Only the demonstration lets anyone in without a second factor.
"""

from __future__ import annotations

from environs import Env

from portal.installation_settings import DEMO, PRODUCTION

__all__ = [
    "ACCOUNT_FORMS",
    "ACCOUNT_REAUTHENTICATION_TIMEOUT",
    "AUTH_PASSWORD_VALIDATORS",
    "CSRF_COOKIE_NAME",
    "MFA_ADAPTER",
    "MFA_FORMS",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_RECOVERY_CODES_SHOW_ONCE",
    "MFA_RECOVERY_CODE_COUNT",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_ISSUER",
    "MFA_TOTP_TOLERANCE",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "MFA_WEBAUTHN_USER_VERIFICATION",
    "PASSWORD_HASHERS",
    "REAUTHENTICATION_SECONDS",
    "SECOND_FACTOR_REQUIRED",
    "SESSION_COOKIE_NAME",
    "SIGN_IN_NOTICE",
]

env = Env()

# CJISSECPOL 6.0 IA-2(1), IA-2(2): multi-factor authentication for everybody.
SECOND_FACTOR_REQUIRED: bool = not DEMO

# CJISSECPOL 6.0 IA-11: whoever approves, exports or administers showed who they are just now.
REAUTHENTICATION_SECONDS: int = env.int("REAUTHENTICATION_SECONDS", 15 * 60)
ACCOUNT_REAUTHENTICATION_TIMEOUT: int = REAUTHENTICATION_SECONDS

ACCOUNT_FORMS = {
    "login": "agencies.account_forms.SignInForm",
    "reauthenticate": "agencies.account_forms.ConfirmForm",
    "change_password": "agencies.account_forms.ChangeForm",
    "set_password": "agencies.account_forms.SetForm",
    "reset_password": "agencies.account_forms.ForgottenForm",
    "reset_password_from_key": "agencies.account_forms.NewForm",
}

# CJISSECPOL 6.0 IA-5(1), NIST SP 800-63B: long, not known from a breach, nothing on composition.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "agencies.breached.BreachedPasswordValidator"},
]
# PBKDF2 with SHA-256 is the hash among Django's that FIPS 140 approves; the first one is used.
PASSWORD_HASHERS: list[str] = [
    "portal.demo.hashers.DemoPasswordHasher"
    if DEMO
    else "django.contrib.auth.hashers.PBKDF2PasswordHasher"
]

# Passkeys first, then an authenticator app, then recovery codes; never a message to a telephone.
MFA_ADAPTER = "agencies.factors.PortalFactors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN: bool = DEMO
MFA_TOTP_ISSUER = "Liaison"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "add_webauthn": "agencies.factor_forms.PasskeyForm",
    "authenticate": "agencies.factor_forms.CodeForm",
    "authenticate_webauthn": "agencies.factor_forms.PasskeyStepForm",
    "login_webauthn": "agencies.factor_forms.PasskeyAloneForm",
    "reauthenticate": "agencies.factor_forms.CodeAgainForm",
    "reauthenticate_webauthn": "agencies.factor_forms.PasskeyAgainForm",
}

# The prefix binds a cookie to this host, to https and to every path (RFC 6265bis, section 4.1.3.2).
_prefix = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_prefix}liaison_session"
CSRF_COOKIE_NAME = f"{_prefix}liaison_csrf"

# CJISSECPOL 6.0 AC-8: what whoever signs in agrees to.  Paragraphs are separated by empty lines.
SIGN_IN_NOTICE: str = env.str("SIGN_IN_NOTICE", "").strip().replace("\\n", "\n") or (
    "This is a system for criminal justice and public safety agencies, which holds criminal "
    "justice information. You may use it only for the work you are authorized to do.\n\n"
    "What you do here is monitored, recorded and audited. Unauthorized use is prohibited and may "
    "be punished by your agency and under criminal and civil law."
)
