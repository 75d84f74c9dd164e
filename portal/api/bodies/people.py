"""What is said about people, their posts and their credentials, and about where an agency stands.

How the pages say it is said in ``agencies.people.forms``; both reach the same services.
"""

from __future__ import annotations

from rest_framework import serializers

from agencies.codes import Role, Sensitivity
from portal.api.strict import Code, Fields, ScaleCode, Strict

LINE, TEXT = 120, 4000


class PostFields(Fields):
    """What a post does and how far it reads."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(Role.values), max_length=5, help_text="What one does there."
    )
    ceiling = ScaleCode(Sensitivity, help_text="The most sensitive record one reads there.")


class PostChange(Strict, PostFields):
    """Other roles or another ceiling; more than before waits for a second."""


class PostEnd(Strict):
    """When a post ends."""

    at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A time to come, which the coordinator sets; without it, now.",
    )


class Disabling(Strict):
    """Why somebody is shut out."""

    reason_code = Code("disable_reasons", help_text="The reason; it is on the audit log.")


class Address(Strict):
    """Another e-mail address."""

    email = serializers.EmailField(
        max_length=254, help_text="Where the link is sent; it holds once the person opens it."
    )


class NewCredential(Strict):
    """What somebody was trained in, cleared for or deputized as, and until when."""

    kind = Code("credentials", help_text="What it is.")
    issuer = serializers.CharField(max_length=LINE, help_text="Who issued it.")
    number = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=60, help_text="Its number."
    )
    issued_on = serializers.DateField(help_text="The day of issue.")
    expires_on = serializers.DateField(help_text="The last day it counts.")


class NewNomination(Strict, PostFields):
    """Who is to have a post, in one's own agency."""

    name = serializers.CharField(max_length=LINE, help_text="The person's name.")
    email = serializers.EmailField(max_length=254, help_text="Where the link is sent.")
    temporary = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Whether it ends 72 hours after it begins (CJISSECPOL 6.0, AC-2(2)).",
    )
    agency = serializers.CharField(
        required=False,
        max_length=40,
        help_text="Of a portal administrator, who has no agency: its short name or id.",
    )


class NewAuditor(Strict):
    """Who audits from outside, where and until when."""

    name = serializers.CharField(max_length=LINE, help_text="The person's name.")
    email = serializers.EmailField(max_length=254, help_text="Where the link is sent.")
    agencies = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=100,
        help_text="Short names or ids of the agencies whose audit logs they read.",
    )
    until = serializers.DateTimeField(help_text="When it ends, within a year.")


class Standing(Strict):
    """Why an agency's standing changes."""

    reason_code = Code("standing_reasons", help_text="The reason; each goes with certain changes.")
    text = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=TEXT,
        help_text="Words that stay with the decision.",
    )


class NewTier(Strict):
    """Which tier, and why."""

    tier = Code("tiers", help_text="How far it may take part.")
    reason = serializers.CharField(max_length=TEXT, help_text="Why.")
