"""Bodies and parameters about cases and their items."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from agencies.codes import Sensitivity
from cases.wording import NARRATIVE, TITLE
from portal.api.paging import Paged
from portal.api.strict import Code, ScaleCode, Strict


class CaseQuery(Paged):
    """How a list of cases is narrowed."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, help_text="Words to find."
    )
    received = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="true: shared with you by others; false: of your own agency.",
    )
    owner = serializers.CharField(
        required=False, max_length=40, help_text="Short name or id of the owning agency."
    )
    status = Code("case_statuses", required=False, help_text="Status.")
    type = Code("case_types", required=False, help_text="Type.")
    also: ClassVar = {"class": Code("case_classes", required=False, help_text="Class.")}


class CaseChanges(Strict):
    """What may change of a case; what is left out stays."""

    title = serializers.CharField(
        required=False, max_length=TITLE, help_text="What the case is called; part of its summary."
    )
    summary = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=NARRATIVE,
        help_text="What it is about; read at full level only.",
    )
    type = Code("case_types", required=False, help_text="What happened.")
    category = Code(
        "categories", required=False, help_text="The data category that agreements speak of."
    )
    own_number = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text="Your agency's own number."
    )
    sensitivity = ScaleCode(
        Sensitivity, required=False, help_text="How closely it is held; at most your own ceiling."
    )
    findability = Code(
        "findabilities", required=False, help_text="What others learn who may not read it."
    )
    status = Code("case_statuses", required=False, help_text="Where the case stands.")
    disposition = Code("dispositions", required=False, help_text="How it ended.")
    opened_on = serializers.DateField(required=False, help_text="The day it was opened.")
    handling = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=20,
        help_text="Handling marks, codes of `handling` or your own words.",
    )
    restrictions = serializers.ListField(
        child=Code("restrictions"),
        required=False,
        max_length=20,
        help_text="Legal restrictions; only release authority takes one off.",
    )
    offences = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        max_length=50,
        help_text="Offenses: NIBRS code, stage (A or C), statute, counts.",
    )
    also: ClassVar = {
        "class": Code("case_classes", required=False, help_text="What sort of case it is.")
    }


class NewCase(CaseChanges):
    """A case to open; what is left out is derived from its type and class."""

    title = serializers.CharField(max_length=TITLE, help_text="What the case is called.")
    type = Code("case_types", help_text="What happened.")
    disposition = None  # type: ignore[assignment]


class ItemChanges(Strict):
    """What may change of an item; fields are merged, and null takes one away."""

    title = serializers.CharField(
        required=False, max_length=TITLE, help_text="What it is called; masked readers see a label."
    )
    role = serializers.CharField(
        required=False, allow_blank=True, max_length=30, help_text="Its role, of `item_roles`."
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="The fields of its kind."
    )
    withheld = serializers.BooleanField(
        required=False, help_text="Whether it is held back from those who have the case."
    )
    sensitivity = ScaleCode(
        Sensitivity, required=False, help_text="How closely it is held; at least as its case."
    )
    restrictions = serializers.ListField(
        child=Code("restrictions"),
        required=False,
        max_length=20,
        help_text="Legal restrictions; they protect the item.",
    )


class NewItem(ItemChanges):
    """An item to add."""

    kind = Code("item_kinds", help_text="What it is.")
    title = serializers.CharField(max_length=TITLE, help_text="What it is called.")
