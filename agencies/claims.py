"""What an identity provider's claims become: read the same way at sign-in and in the preview.

Names are those of the NIEF and GFIPM attribute registries.  What a provider says can only narrow
whom it may sign in; roles, levels and access come from the agency's coordinator alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


def told_by(
    agency: Agency, names: Mapping[str, str], strong: list[str], claims: Mapping[str, Any]
) -> Told:
    """Return what *claims* say, by the names that the agency gave them."""
    said = {key: _text(_claim(claims, names.get(key) or FIELDS[key][0])) for key in FIELDS}
    factors = {_text(claims.get("acr")), *_texts(claims.get("amr"))}
    refusals = []
    if not 0 < len(said["subject"]) <= LONGEST:
        refusals.append("It does not say who it is.")
    if said["ori"] and said["ori"].upper() != (agency.ori or "").upper():
        refusals.append(f"It speaks of the employer {said['ori'][:20]}, which is another agency.")
    if said["certified"] and said["certified"].lower() in NO:
        refusals.append("It says that the 28 CFR 23 certification is missing.")
    return Told(
        subject=said["subject"],
        email=said["email"].lower(),
        email_verified=said["email_verified"].lower() in YES,
        name=said["name"],
        ori=said["ori"],
        certified=said["certified"],
        clearance=said["clearance"],
        strong=bool(factors & set(strong)),
        refusals=tuple(refusals),
    )


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """Return a claim by its name, with or without the registry's prefix."""
    return claims.get(name, claims.get(f"{GFIPM}{name}"))


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else ""
    return " ".join(str(value).split()) if isinstance(value, str | int | bool) else ""


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
