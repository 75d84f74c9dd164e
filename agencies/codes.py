"""Coded values that the rule itself compares; everything else is a code table with versions and
dates.
"""

from __future__ import annotations

from django.db import models


class Coded(models.IntegerChoices):
    """An ordered scale: stored and compared as a number, spoken of by its code."""

    @property
    def code(self) -> str:
        """Return the value as the interface names it."""
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> Coded:
        """Return the value that *code* names; KeyError when there is none."""
        return cls[code.upper()]


class Sensitivity(Coded):
    """How closely a record is held; a membership reads up to its ceiling."""

    ROUTINE = 1, "Routine"
    SENSITIVE = 2, "Sensitive"
    CONFIDENTIAL = 3, "Confidential"
    HIGHLY_CONFIDENTIAL = 4, "Highly confidential"


class Level(Coded):
    """How much of a record is given, each including the ones before; MANAGE is the owner's own and
    never granted.
    """

    POINTER = 1, "Contact only"
    SUMMARY = 2, "Summary"
    VIEW = 3, "Full"
    CONTRIBUTE = 4, "Full, may add"
    MANAGE = 5, "Own"


class Role(models.TextChoices):
    """What a person does in an agency."""

    ANALYST = "analyst", "Investigator / analyst"
    SUPERVISOR = "supervisor", "Release authority"
    LIAISON = "liaison", "Duty desk"
    COORDINATOR = "coordinator", "Agency coordinator"
    AUDITOR = "auditor", "Auditor"


READING_ROLES = (Role.ANALYST, Role.SUPERVISOR, Role.LIAISON)


class AgencyKind(models.TextChoices):
    """What sort of body an agency is."""

    MUNICIPAL = "municipal", "Municipal police"
    COUNTY = "county", "County sheriff or police"
    STATE = "state", "State agency"
    TRIBAL = "tribal", "Tribal police"
    FEDERAL = "federal", "Federal agency"
    CAMPUS = "campus", "Campus police"
    SCHOOL_DISTRICT = "school_district", "School district police"
    TRANSIT = "transit", "Transit police"
    FUSION_CENTER = "fusion_center", "Fusion center"
    PROSECUTOR = "prosecutor", "Prosecutor"
    COURT = "court", "Court"
    CORRECTIONS = "corrections", "Corrections"
    PROBATION_PAROLE = "probation_parole", "Probation and parole"
    DISPATCH = "dispatch", "Dispatch"
    CRIME_LAB = "crime_lab", "Crime laboratory"
    MEDICAL_EXAMINER = "medical_examiner", "Medical examiner"
    PUBLIC_SAFETY = "public_safety", "Public safety"
    COMMUNITY = "community", "Community organization"
    OTHER = "other", "Other"


class Tier(models.TextChoices):
    """How far an agency may take part."""

    FULL = "full", "Full"
    LIMITED = "limited", "Limited"
    PUBLIC_SAFETY = "public_safety", "Public safety"
    COMMUNITY = "community", "Community"


class AgencyStatus(models.TextChoices):
    """Where an agency stands with the portal."""

    DIRECTORY = "directory", "Known, not on board"
    ENQUIRY = "enquiry", "Enquiry"
    APPLIED = "applied", "Applied"
    VERIFIED = "verified", "Verified"
    TIER_ASSIGNED = "tier_assigned", "Tier assigned"
    AGREEMENTS = "agreements", "Signing agreements"
    COMPLIANCE = "compliance", "Compliance"
    BOARD_DECISION = "board_decision", "Board decision"
    PROVISIONING = "provisioning", "Provisioning"
    PILOT = "pilot", "Pilot"
    ACTIVE = "active", "Active"
    LIMITED_ACCESS = "limited_access", "Limited access"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"


EXCHANGING = (AgencyStatus.PILOT, AgencyStatus.ACTIVE)
"""Statuses in which an agency's people use the portal; with limited access, for own records."""

OPERATING = (*EXCHANGING, AgencyStatus.LIMITED_ACCESS)
"""Statuses in which an agency's people use the portal; with limited access, for own records."""
