"""Figures of people's accounts, each with the rule it comes from.

Those that the database compares at every reading are part of its views and change by a migration;
they are no settings, so that no setting can weaken them unseen.
"""

from __future__ import annotations

from datetime import timedelta

DORMANT_AFTER = timedelta(days=90)
"""Without activity for so long, an account is disabled (CJISSECPOL 6.0, AC-2(3))."""

NOTED_AS_SEEN_EVERY = timedelta(hours=1)
"""How often at most a person's activity is written down."""

TEMPORARY_FOR = timedelta(hours=72)
"""How long a temporary or emergency account lasts (CJISSECPOL 6.0, AC-2(2))."""

NOMINATION_OPEN_FOR = timedelta(days=14)
"""How long a nomination waits for the person's answer and then for a second's."""

ADDRESS_OPEN_FOR = timedelta(days=7)
"""How long a new e-mail address waits to be confirmed by the person."""

WARNED_DAYS_AHEAD = (60, 30, 7)
"""How many days before a credential lapses its person and the coordinators are told."""

REVIEWED_EVERY = timedelta(days=365)
"""How often an agency's coordinator goes through its people (CJISSECPOL 6.0, AC-2 j)."""

LAPSES_SOON = timedelta(days=60)
"""From when on a page marks what lapses."""
