"""Who is protected in a case, and what a masked person is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.codetable import code_table, coded, label
from cases.models import Item

ADULT = 18
"""Age in years from which a person is no juvenile (18 USC 5031)."""

NAMED_BY_ROLE = (Item.Kind.PERSON, Item.Kind.ORGANIZATION)


@dataclass(frozen=True)
class Standing:
    """What decides whether an item is protected: what it is, in what case, and since when."""

    kind: str
    role: str
    fields: Mapping[str, Any]
    restrictions: Collection[str]
    case_type: str
    since: date

    @property
    def role_protects(self) -> bool:
        """Return whether the role alone protects (victims, witnesses, informants…)."""
        if not self.role:
            return False
        role = coded("item_roles", self.role)
        return bool(role["protected"] and self.kind in role.get("protected_kinds", role["kinds"]))

    @property
    def is_juvenile(self) -> bool:
        """Return whether it is a person who was a minor when it happened."""
        born = self.fields.get("dob")
        if self.kind != Item.Kind.PERSON or not born:
            return False
        return age_on(date.fromisoformat(born), self.since) < ADULT

    @property
    def is_hidden_address(self) -> bool:
        """Return whether it is a place that would lead to somebody in danger."""
        if self.kind != Item.Kind.PLACE:
            return False
        kept_from = "address" in coded("case_types", self.case_type)["protects"]
        return bool(self.fields.get("address_protected")) or (
            kept_from and self.role == "residence"
        )

    @property
    def is_restricted(self) -> bool:
        """Return whether a legal restriction masks it."""
        masking = {one["code"] for one in code_table("restrictions")["values"] if one["masks"]}
        return bool(masking & set(self.restrictions))

    @property
    def is_protected(self) -> bool:
        """Return whether readers get it masked unless identities are released to them."""
        return (
            self.role_protects or self.is_juvenile or self.is_hidden_address or self.is_restricted
        )

    @property
    def reasons(self) -> list[str]:
        """Return in words what protects it; empty where nothing does any more."""
        found = {
            label("item_roles", self.role).lower(): self.role_protects,
            "juvenile": self.is_juvenile,
            "confidential address": self.is_hidden_address,
        }
        masking = {one["code"] for one in code_table("restrictions")["values"] if one["masks"]}
        legal = sorted(masking & set(self.restrictions))
        return [words for words, holds in found.items() if holds] + [
            label("restrictions", code) for code in legal
        ]

    @property
    def label_stem(self) -> str:
        """Return what it is called before its number, telling no more than a partner may know."""
        if self.kind in NAMED_BY_ROLE and self.role and self.role_protects:
            role = coded("item_roles", self.role)
            return str(role.get("masked_as", role["label"]))
        if self.is_juvenile:
            return "Juvenile"
        if self.kind in NAMED_BY_ROLE and self.role:
            return label("item_roles", self.role)
        return label("item_kinds", self.kind)


def age_on(born: date, day: date) -> int:
    """Return completed years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
