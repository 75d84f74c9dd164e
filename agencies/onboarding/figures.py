"""How long and how often: figures of onboarding, from the environment."""

from __future__ import annotations

from datetime import timedelta

from environs import Env

_env = Env()

APPLICATIONS_PER_ADDRESS = _env.int("APPLICATIONS_PER_ADDRESS", 10)
"""Applications that one network address may send in an hour."""

APPLICATIONS_PER_EMAIL = _env.int("APPLICATIONS_PER_EMAIL", 3)
"""Applications that one e-mail address may send, and mails it is sent, in a day."""

LOOKUPS_PER_ADDRESS = _env.int("APPLICATION_LOOKUPS_PER_ADDRESS", 120)
"""Look-ups in the directory that one network address may make in a minute."""

APPLICANT_LINK_LASTS = timedelta(days=_env.int("APPLICANT_LINK_DAYS", 180))
"""How long the link in the applicant's mail opens the progress of an application."""

CONFIRM_WITHIN = timedelta(days=_env.int("APPLICATION_CONFIRM_DAYS", 3))
"""How long an e-mail address can be verified after the application was sent."""

PILOT = timedelta(days=_env.int("PILOT_DAYS", 30))
"""How long an agency is in pilot at least."""

RECERTIFIED_FOR = timedelta(days=_env.int("RECERTIFY_DAYS", 365))
"""How long an agency's compliance answers hold: a year (CJISSECPOL 6.0, CA-2 and AT-2: yearly)."""

RECERTIFY_AHEAD = timedelta(days=_env.int("RECERTIFY_AHEAD_DAYS", 60))
"""How long before that the next round of answers may begin."""

EVIDENCE_BYTES = _env.int("EVIDENCE_BYTES", 10 * 1024 * 1024)
"""How large one file of evidence may be."""

EVIDENCE_FILES = _env.int("EVIDENCE_FILES", 5)
"""How many files one answer may have."""
