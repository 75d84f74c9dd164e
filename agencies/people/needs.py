"""Which credentials which posts take: what is required, who lacks it, and who decided."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actors import NOBODY, Actor
from agencies.codes import Role
from agencies.forms import CodeField, DayInput, sent, values_of
from agencies.lacking import count_lacking, counts_lacking, page_lacking
from agencies.models import Agency, CredentialRequirement
from agencies.people.access import Office, office_of
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated, recently_authenticated_to_send
from agencies.refusals import NotAllowed, NotVisible
from agencies.services import require_credential, waive_credential

METHODS = ["GET", "HEAD", "POST"]
DECIDE = "decide"
MOST = 100
"""More than kinds of credential times roles, so that one agency's needs are on one page."""


class NeedForm(forms.Form):
    """Which credential which posts take, and from which day."""

    kind = CodeField("credentials", label="Credential")
    role = forms.ChoiceField(
        label="For", choices=[("", "Every role"), *Role.choices], required=False
    )
    gates_from = forms.DateField(
        label="From",
        widget=DayInput(),
        help_text=(
            "From the beginning of this day whoever lacks it opens nothing. Before it they are told"
            " now, and 60, 30 and 7 days ahead."
        ),
    )

    def __init__(self, *args: Any, administers: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if administers:
            self.fields["agency"] = forms.ModelChoiceField(
                Agency.objects.on_board().order_by("name"),
                label="In",
                required=False,
                empty_label="Every agency",
            )
            self.order_fields(["agency"])

    def clean_gates_from(self) -> datetime:
        """Return the beginning of the day; a day that is over is none to choose."""
        day = self.cleaned_data["gates_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("This day is over.")
        begins: datetime = timezone.make_aware(datetime.combine(day, time()))
        return begins


class ScopeForm(forms.Form):
    """Whose needs an administrator looks at, and where a list of people starts."""

    agency = forms.ModelChoiceField(
        Agency.objects.on_board().order_by("name"),
        label="Agency",
        required=False,
        empty_label="Asked of every agency",
    )
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)


@require_safe
def credential_needs(request: PortalRequest) -> HttpResponse:
    """Show what posts take, from when, who decided it and how many lack it."""
    office = _office(request.actor)
    form = ScopeForm(request.GET)
    chosen = values_of(form).get("agency") if office.administers else None
    of = (
        Q(agency=chosen)
        if office.administers
        else Q(agency=office.actor.agency_id) | Q(agency=None)
    )
    needs = list(_needs().filter(of)[:MOST])
    counts = counts_lacking([one.pk for one in needs], _within(office))
    context = {
        "office": office,
        "form": form,
        "needs": [(one, counts[one.pk], _may_waive(office, one)) for one in needs],
    }
    return render(request, "people/needs.html", context)


@recently_authenticated_to_send
@require_http_methods(METHODS)
def credential_require(request: PortalRequest) -> HttpResponse:
    """Show who would lack a credential, and have posts take it once that was seen."""
    office = _office(request.actor)
    form = NeedForm(request.POST or None, administers=office.administers)
    made = None
    if request.method == "POST" and DECIDE in request.POST:
        made = sent(form, lambda **said: _required(office, **said))
    if made is not None:
        messages.success(request, "Required. Who lacks it is told now.")
        return redirect("credential_need", made.pk)
    thought = _thought(office, form) if form.is_bound and form.is_valid() else None
    context: dict[str, Any] = {"form": form}
    if thought is not None:
        context |= _lackers(office, thought)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/need_form.html", context, status=status)


@require_safe
def credential_need(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one requirement and, by name, who lacks it."""
    office = _office(request.actor)
    found = _need(office, pk)
    after = values_of(ScopeForm(request.GET)).get("after")
    context = {
        "may_waive": _may_waive(office, found),
        "after": after,
        **_lackers(office, found, after),
    }
    return render(request, "people/need.html", context)


@recently_authenticated
@require_POST
def credential_waive(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Have posts take a credential no more."""
    found = _need(_office(request.actor), pk)
    waive_credential(request.actor, found)
    messages.success(request, "It is required no more.")
    return redirect("credential_needs")


def _office(actor: Actor) -> Office:
    """Return in what office somebody says what posts take; NotAllowed for who does not."""
    office = office_of(actor)
    if not (office.administers or office.runs):
        raise NotAllowed("This page is for your agency's coordinator.", code="role")
    return office


def _needs() -> QuerySet[CredentialRequirement]:
    found = CredentialRequirement.objects.select_related("agency", "required_by")
    return found.order_by("agency__name", "kind", "role", "pk")


def _need(office: Office, pk: UUID) -> CredentialRequirement:
    """Return a requirement of every agency or one's own, any for administrators."""
    found = _needs().filter(pk=pk)
    if not office.administers:
        found = found.filter(Q(agency=None) | Q(agency=office.actor.agency_id))
    need = found.first()
    if need is None:
        raise NotVisible
    return need


def _within(office: Office) -> UUID | None:
    """Return the agency whose people are counted and named; None for everybody."""
    return None if office.administers else office.actor.agency_id


def _agency(office: Office, said: dict[str, Any]) -> Agency | None:
    if office.administers:
        return said.get("agency")
    return Agency.objects.get(pk=office.actor.agency_id or NOBODY)


def _required(office: Office, **said: Any) -> CredentialRequirement:
    said["agency"] = _agency(office, said)
    return require_credential(office.actor, **said)


def _thought(office: Office, form: NeedForm) -> CredentialRequirement:
    """Return the requirement on the form, which nobody has decided yet."""
    said = {**form.cleaned_data, "agency": _agency(office, form.cleaned_data)}
    return CredentialRequirement(**said)


def _lackers(
    office: Office, need: CredentialRequirement, after: UUID | None = None
) -> dict[str, Any]:
    within = _within(office)
    page = page_lacking(need, within, after=after)
    whole = not (after or page.next)
    return {
        "need": need,
        "number": len(page.rows) if whole else count_lacking(need, within),
        "page": page,
        "everyone": office.administers,
    }


def _may_waive(office: Office, need: CredentialRequirement) -> bool:
    """Return whether the service would let them; it asks for itself again."""
    return office.administers or not (need.agency_id is None or need.by_portal)
