"""Bodies and parameters about sharing requests and what came of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agencies.codes import Level
from portal.api.paging import Paged
from portal.api.strict import AllOrIds, Code, Fields, Recipient, ScaleCode, Strict

TEXT = 4000


class RequestQuery(Paged):
    """Which box of requests."""

    box = serializers.ChoiceField(
        ["inbox", "sent", "decided"],
        required=False,
        allow_null=True,
        default=None,
        help_text="inbox: yours to decide; sent: yours and open; decided; without it, all.",
    )


class Conditions(Strict):
    """What goes with what is given."""

    export = serializers.BooleanField(required=False, help_text="Whether they may export.")
    unmask = serializers.BooleanField(
        required=False, help_text="Whether identities of protected people are shown."
    )


class Reach(Fields):
    """How much, until when, and which items."""

    until = serializers.DateTimeField(help_text="Until when; never past the agreement's end.")
    items = AllOrIds(default=None, help_text='`"all"`, or the ids of chosen items.')
    later = Code("later", default="except_protected", help_text="Items that are added later.")
    level = ScaleCode(Level, without=(Level.MANAGE,), help_text="How much.")


class NewRequest(Strict, Reach):
    """An ask, or an offer.

    An ask names a `record` one may know of, or an `agency` and what one would say on the telephone.
    An offer names a `record` of one's own agency, or a `category` for standing access, and `to`
    whom.
    """

    direction = serializers.ChoiceField(["ask", "offer"], help_text="Which side asks.")
    record = serializers.UUIDField(required=False, help_text="The record.")
    agency = serializers.CharField(
        required=False, max_length=40, help_text="Short name or id of the agency that is asked."
    )
    own_number = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=80,
        help_text="The number they have.",
    )
    description = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=TEXT,
        help_text="What is looked for, in words.",
    )
    category = Code("categories", required=False, help_text="The category of a standing offer.")
    to = Recipient(
        required=False,
        help_text="Whom: a short name, an e-mail, or an object of `kind` and `id`.",
    )
    purpose = Code("purposes", help_text="What for.")
    for_case = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=80, help_text="Your own case."
    )
    on_behalf_of = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=120, help_text="For someone else."
    )
    needed_by = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="When it is needed."
    )
    contact_phone = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="Where to call."
    )
    reason = serializers.CharField(max_length=TEXT, help_text="Why.")
    conditions = Conditions(required=False, help_text="What goes with it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent if it names one thing and, in an offer, to whom."""
        ask = attrs["direction"] == "ask"
        ways = ("record", "agency") if ask else ("record", "category")
        others = ("to", "category") if ask else ("agency", "own_number", "description")
        errors = {
            name: ["This does not go with this direction."] for name in others if attrs.get(name)
        }
        if sum(name in attrs for name in ways) != 1:
            errors[ways[0]] = [f"Name either {ways[0]} or {ways[1]}."]
        if ask and "record" in attrs and (attrs["own_number"] or attrs["description"]):
            errors["record"] = ["A record is named, or a number, not both."]
        if not ask and "to" not in attrs:
            errors["to"] = ["Say to whom."]
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class Approval(Strict):
    """What changes of the request before it is approved; what is left out stays as asked."""

    record = serializers.UUIDField(
        required=False, help_text="The record that an ask by number is about."
    )
    level = ScaleCode(Level, without=(Level.MANAGE,), required=False, help_text="How much.")
    until = serializers.DateTimeField(required=False, help_text="Until when.")
    items = AllOrIds(required=False, help_text='`"all"`, or the ids of chosen items.')
    later = Code("later", required=False, help_text="Items that are added later.")
    conditions = Conditions(required=False, help_text="What goes with it.")


class Denial(Strict):
    """Why not."""

    reason_code = Code("denial_reasons", help_text="The reason; the asker sees it.")
    text = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=TEXT,
        help_text="Words that go with it; the asker sees them.",
    )


class Words(Strict):
    """A question or an answer."""

    text = serializers.CharField(max_length=TEXT, help_text="The words; both sides see them.")


class Attachment(Strict):
    """Which record an ask by number is about."""

    record = serializers.UUIDField(help_text="A record of your own agency.")


class GrantQuery(Paged):
    """How a list of grants is narrowed."""

    record = serializers.UUIDField(required=False, help_text="Of one record.")
    direction = serializers.ChoiceField(
        ["given", "received"], required=False, help_text="By your agency, or to it."
    )
    state = serializers.ChoiceField(
        ["active", "ended"], required=False, help_text="Whether it is in force."
    )


class Revocation(Strict):
    """Why it ends."""

    reason_code = Code("revoke_reasons", help_text="The reason; the recipient sees it.")
    text = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=TEXT, help_text="Words with it."
    )


class Acknowledgement(Strict):
    """How what your people add is released."""

    contributions = serializers.ChoiceField(
        ["direct", "each"],
        default="direct",
        help_text="direct: at once; each: one by one, by your own release authority.",
    )


class Narrowing(Strict):
    """What is taken away; what is left out stays."""

    level = ScaleCode(Level, without=(Level.MANAGE,), required=False, help_text="A lower level.")
    until = serializers.DateTimeField(required=False, help_text="An earlier time.")
    later = Code("later", required=False, help_text="Fewer of the items that are added later.")
    items = AllOrIds(required=False, help_text="Only these items, in the place of all.")
    conditions = Conditions(required=False, help_text="Conditions taken back: false.")


class Renewal(Strict):
    """More time, asked for like anything else."""

    until = serializers.DateTimeField(help_text="Until when.")
    reason = serializers.CharField(max_length=TEXT, help_text="Why.")
