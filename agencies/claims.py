"""What an identity provider's claims become: read the same way at sign-in and in the preview.

Names are those of the NIEF and GFIPM attribute registries.  What a provider says can only narrow
whom it may sign in; roles, levels and access come from the agency's coordinator alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from agencies.models import Agency

GFIPM = "gfipm:2.0:user:"
FIELDS: dict[str, tuple[str, str]] = {
    "subject": ("sub", "Who it is, for ever"),
    "email": ("email", "E-mail address"),
    "email_verified": ("email_verified", "Whether the address was verified"),
    "name": ("name", "Name"),
    "ori": ("EmployerORI", "ORI of the employer"),
    "certified": ("28CFRCertification", "28 CFR 23 certification"),
    "clearance": ("SecurityClearance", "Security clearance"),
}
"""Our fields: the claim that each is read from unless the agency says otherwise, and its words."""

STRONG = ("mfa", "hwk", "phr", "phrh")
"""Values of ``amr`` and ``acr`` that speak of a second factor (RFC 8176; OpenID EAP ACR 1.0)."""

LONGEST = 191
YES, NO = {"true", "1", "yes"}, {"false", "0", "no", ""}


@dataclass(frozen=True)
class Told:
    """What a provider told of somebody, in our fields; *refusals* say why nobody signs in by it."""

    subject: str = ""
    email: str = ""
    email_verified: bool = False
    name: str = ""
    ori: str = ""
    certified: str = ""
    clearance: str = ""
    strong: bool = False
    refusals: tuple[str, ...] = field(default=())


class Outcome(StrEnum):
    """What becomes of a claim."""

    ACCEPTED = "accepted"
    IGNORED = "ignored"
    REFUSED = "refused"
    MISSING = "not said"


@dataclass(frozen=True)
class Reading:
    """A claim as it is read: which field of ours it becomes, and whether it counts there."""

    claim: str
    value: str
    becomes: str
    outcome: Outcome
    why: str


def told_by(
    agency: Agency, names: Mapping[str, str], strong: Iterable[str], claims: Mapping[str, Any]
) -> Told:
    """Return what *claims* say, by the names that the agency gave them."""
    said = _said(names, claims)
    judged = [judge(agency, said) for judge in JUDGES.values()]
    return Told(
        subject=said["subject"],
        email=said["email"].lower(),
        email_verified=said["email_verified"].lower() in YES,
        name=said["name"],
        ori=said["ori"],
        certified=said["certified"],
        clearance=said["clearance"],
        strong=bool(_factors(claims) & set(strong)),
        refusals=tuple(why for outcome, why in judged if outcome is Outcome.REFUSED),
    )


def readings(
    agency: Agency, names: Mapping[str, str], strong: Iterable[str], claims: Mapping[str, Any]
) -> list[Reading]:
    """Return what becomes of each claim: those that we look for, then whatever else was sent."""
    said = _said(names, claims)
    found = [_reading(agency, key, said, _sent_as(claims, _name(names, key))) for key in JUDGES]
    found += [_factor(name, claims, set(strong)) for name in FACTORS]
    read = {one.claim for one in found} | SPOKEN
    return found + [
        Reading(name, _shown(claims[name]), "", Outcome.IGNORED, UNREAD)
        for name in sorted(set(claims) - read)[:MANY]
    ]


FACTORS = ("acr", "amr")
SPOKEN = frozenset(("iss", "aud", "azp", "exp", "iat", "nbf", "jti", "sid", "nonce", "auth_time"))
SPOKEN |= {"at_hash", "c_hash", "s_hash"}
"""Claims by which the two machines speak: checked before, and of nobody's concern here."""
MANY, SHOWN = 40, 80
UNREAD = "Liaison reads nothing from it: roles, posts and cases are given here."

Said = Mapping[str, str]
Judged = tuple[Outcome, str]


def _subject(agency: Agency, said: Said) -> Judged:
    if not 0 < len(said["subject"]) <= LONGEST:
        return Outcome.REFUSED, "It does not say who it is."
    return Outcome.ACCEPTED, "Finds the post from the second sign-in on."


def _email(agency: Agency, said: Said) -> Judged:
    if not said["email"]:
        return Outcome.MISSING, "Nobody is found by an address."
    if said["email_verified"].lower() not in YES:
        return Outcome.IGNORED, "It is not verified: nobody is found by it."
    return Outcome.ACCEPTED, "It is verified: finds the post at the first sign-in."


def _verified(agency: Agency, said: Said) -> Judged:
    if not said["email_verified"]:
        return Outcome.MISSING, "The address counts as not verified."
    if said["email_verified"].lower() not in YES:
        return Outcome.IGNORED, "The address counts as not verified."
    return Outcome.ACCEPTED, "The address counts."


def _person(agency: Agency, said: Said) -> Judged:
    outcome = Outcome.IGNORED if said["name"] else Outcome.MISSING
    return outcome, "The name that is kept here stays."


def _employer(agency: Agency, said: Said) -> Judged:
    if not said["ori"]:
        return Outcome.MISSING, "Nobody is kept out by it."
    if said["ori"].upper() != (agency.ori or "").upper():
        named = f"the employer {said['ori'][:20]}, which is another agency"
        return Outcome.REFUSED, f"It speaks of {named}."
    return Outcome.ACCEPTED, "It is this agency's."


def _certification(agency: Agency, said: Said) -> Judged:
    if not said["certified"]:
        return Outcome.MISSING, "Nobody is kept out by it."
    if said["certified"].lower() in NO:
        return Outcome.REFUSED, "It says that the 28 CFR 23 certification is missing."
    return Outcome.ACCEPTED, "Keeps nobody out; the date that the coordinator entered counts."


def _cleared(agency: Agency, said: Said) -> Judged:
    outcome = Outcome.IGNORED if said["clearance"] else Outcome.MISSING
    return outcome, "Opens nothing: what a post reads up to is the coordinator's word."


JUDGES: dict[str, Callable[[Agency, Said], Judged]] = {
    "subject": _subject,
    "email": _email,
    "email_verified": _verified,
    "name": _person,
    "ori": _employer,
    "certified": _certification,
    "clearance": _cleared,
}
"""What each of our fields makes of what was said: sign-in and preview ask the same."""


def _reading(agency: Agency, key: str, said: Said, claim: str) -> Reading:
    outcome, why = JUDGES[key](agency, said)
    return Reading(claim, said[key][:SHOWN], FIELDS[key][1], outcome, why)


def _factor(name: str, claims: Mapping[str, Any], strong: set[str]) -> Reading:
    values = {one for one in _texts(claims.get(name)) if one}
    shown = ", ".join(sorted(values))[:SHOWN]
    if values & strong:
        outcome, why = Outcome.ACCEPTED, "It was shown there: ours is not asked."
    elif values:
        outcome, why = Outcome.IGNORED, "It names no second factor: ours is asked."
    else:
        outcome, why = Outcome.MISSING, "Nothing is concluded."
    return Reading(name, shown, "Second factor", outcome, why)


def _said(names: Mapping[str, str], claims: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(claims.get(_sent_as(claims, _name(names, key)))) for key in FIELDS}


def _factors(claims: Mapping[str, Any]) -> set[str]:
    return {one for name in FACTORS for one in _texts(claims.get(name))}


def _name(names: Mapping[str, str], key: str) -> str:
    return names.get(key) or FIELDS[key][0]


def _sent_as(claims: Mapping[str, Any], name: str) -> str:
    """Return the name by which a claim was sent: with the registry's prefix, or as it is."""
    prefixed = f"{GFIPM}{name}"
    return prefixed if name not in claims and prefixed in claims else name


def _shown(value: Any) -> str:
    return (_text(value) or ", ".join(one for one in _texts(value) if one))[:SHOWN]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else ""
    return " ".join(str(value).split()) if isinstance(value, str | int | bool) else ""


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
