"""What is said about people on forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone

from agencies.arranged import roles_covered
from agencies.codes import OPERATING, AgencyStatus, Role, Sensitivity
from agencies.codetable import coded
from agencies.forms import LINE, CodeField, DayInput, UntilField
from agencies.models import Agency, Arrangement, Person

NOW, LATER = "now", "later"


class RolesForm(forms.Form):
    """What a post does and how far it reads."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=Role,
        widget=forms.CheckboxSelectMultiple,
        help_text="One person can hold several. Two people can hold all of a small agency.",
    )
    ceiling = forms.TypedChoiceField(
        label="Reads up to", choices=Sensitivity, coerce=int, initial=Sensitivity.SENSITIVE
    )


class ArrangementChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The arrangements under which posts may be given, each by who does what."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the other agency and the roles that are covered."""
        roles = ", ".join(role.label.lower() for role in roles_covered(obj))
        return f"{obj.provider.name}: {roles}"


class NominateForm(RolesForm):
    """Who is to have a post."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="Their address at the agency. A link is sent there; nothing else is.",
    )
    temporary = forms.BooleanField(
        label="Temporary: ends 72 hours after it begins",
        required=False,
        help_text="For emergencies and visitors (CJISSECPOL 6.0, AC-2(2)).",
    )
    field_order = ("arrangement", "name", "email", "roles", "ceiling", "temporary")

    def __init__(
        self,
        *args: Any,
        administers: bool = False,
        under: Sequence[Arrangement] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if under:
            self.fields["arrangement"] = ArrangementChoice(
                Arrangement.objects.filter(pk__in=[one.pk for one in under]).select_related(
                    "provider"
                ),
                label="Under an arrangement",
                required=False,
                empty_label="No: one of our own",
                help_text=(
                    "Somebody of that agency gets a post here, for what the arrangement covers. It"
                    " ends with the arrangement, and holds only while both agencies take part."
                ),
            )
            self.order_fields(self.field_order)
        if administers:
            self.fields["roles"].choices = [(Role.COORDINATOR.value, Role.COORDINATOR.label)]  # type: ignore[attr-defined]
            self.fields["agency"] = forms.ModelChoiceField(
                Agency.objects.filter(status__in=(*OPERATING, AgencyStatus.PROVISIONING)).order_by(
                    "name"
                ),
                label="Agency",
                empty_label="Choose an agency",
            )
            self.order_fields(["agency", *self.field_order])


class EndForm(forms.Form):
    """When a post ends."""

    when = forms.ChoiceField(
        label="Ends",
        choices=[(NOW, "Now"), (LATER, "At the end of a day")],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    on = UntilField(label="Last day", required=False)

    def __init__(self, *args: Any, ahead: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not ahead:
            del self.fields["on"]
            self.fields["when"].choices = [(NOW, "Now")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Return the moment, None for now."""
        said = super().clean() or {}
        later = said.get("when") == LATER
        if later and not said.get("on") and "on" not in self.errors:
            self.add_error("on", "Which day?")
        if later and said.get("on") and said["on"] < timezone.now():
            self.add_error("on", "This day is over.")
        return {"at": said.get("on") if later else None}


class AddressForm(forms.Form):
    """Another e-mail address."""

    email = forms.EmailField(
        label="New e-mail",
        max_length=254,
        help_text=(
            "A link is sent there. It holds from when the person opens the link, signed in;"
            " the old address is told and gets nothing more."
        ),
    )


class CredentialForm(forms.Form):
    """What somebody was trained in, cleared for or deputized as, and until when."""

    kind = CodeField("credentials", label="What")
    issuer = forms.CharField(label="Issued by", max_length=120)
    number = forms.CharField(label="Number", max_length=60, required=False)
    issued_on = forms.DateField(label="Issued on", widget=DayInput())
    expires_on = forms.DateField(
        label="Ends on",
        widget=DayInput(),
        required=False,
        help_text="Left empty: the usual time after the day of issue, a year for most.",
    )

    def clean(self) -> dict[str, Any]:
        """Return what was said, the usual end where none was given."""
        said = super().clean() or {}
        if said.get("issued_on") and not said.get("expires_on") and "kind" in said:
            months = int(coded("credentials", said["kind"]).get("months", 12))
            said["expires_on"] = _months_after(said["issued_on"], months)
        return said


class AuditorForm(forms.Form):
    """Who audits from outside, where and until when."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail", max_length=254)
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label="Audits",
        widget=forms.CheckboxSelectMultiple,
        help_text="They read the audit log there: numbers, types and generated labels.",
    )
    until = UntilField(label="Until", help_text="At most a year; it ends by itself.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agencies"].queryset = Agency.objects.on_board().order_by("name")  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """The password that somebody new sets for themselves, twice."""

    password = forms.CharField(
        label="Password",
        max_length=LINE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="A few words in a row are good. Nobody else ever sees it.",
    )
    again = forms.CharField(
        label="The same again",
        max_length=LINE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Return the password, once it is the same twice and good enough."""
        said = super().clean() or {}
        if "password" in said:
            try:
                password_validation.validate_password(said["password"], self.person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        if said.get("again") and said.get("password") not in (None, said["again"]):
            self.add_error("again", "This is not the same.")
        return {"password": said.get("password", "")}


def end_of(day: date) -> datetime:
    """Return the last second of a day, as credentials end."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def _months_after(day: date, months: int) -> date:
    """Return the day so many months later; the last of a month where it has no such day."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    last = (date(first.year + first.month // 12, first.month % 12 + 1, 1)) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
