"""Pages for portal administrators: what waits for whom, an application, an agency's checklist.

They show who there is and what was answered, and no case: administrators have no way to one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies.authority import is_administrator
from agencies.codes import OPERATING
from agencies.forms import sent, values_of
from agencies.models import Agency, Application, Arrangement, Membership, Onboarding
from agencies.onboarding.acts import ACTS, STANDING, form_of, offered
from agencies.onboarding.agreed import agreed
from agencies.onboarding.checklist import answers_of, checklist, onboarding_of
from agencies.onboarding.forms import ActForm, DeclineApplicationForm, TakeUpForm
from agencies.onboarding.named import named_for
from agencies.onboarding.waiting import PAGE, applications_waiting, on_their_way, to_recertify
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated
from agencies.refusals import NotVisible
from agencies.services import decline_application, take_up_application
from agencies.services.signing import open_to

View = TypeVar("View", bound=Callable[..., Any])


def for_administrators(view: View) -> View:
    """Have *view* be there for portal administrators alone: for others there is nothing."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> Any:
        if not is_administrator(request.actor):
            raise NotVisible
        return view(request, *args, **kwargs)

    return cast("View", guarded)


class AfterForm(forms.Form):
    """Where a page of the list starts."""

    after = forms.UUIDField(required=False)


@require_safe
@for_administrators
def onboarding_list(request: PortalRequest) -> HttpResponse:
    """Show what waits: applications, agencies on their way, yearly answers."""
    context = {
        "applications": applications_waiting()[:PAGE],
        "page": on_their_way(after=values_of(AfterForm(request.GET)).get("after")),
        "years": to_recertify()[:PAGE],
    }
    return render(request, "onboarding/list.html", context)


@require_safe
@for_administrators
def application_page(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show a verified application, to take up or decline."""
    return _application(request, _verified(pk))


@require_POST
@for_administrators
@recently_authenticated
def take_up(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take up an application: its agency's checklist begins."""
    found, form = _verified(pk), TakeUpForm(request.POST, auto_id="take_up_%s")
    agency = sent(form, partial(take_up_application, request.actor, found))
    if agency is None:
        return _application(request, found, take_up_form=form, status=422)
    messages.success(request, "Taken up. The applicant can answer the questions now.")
    return redirect("onboarding", pk=agency.pk)


@require_POST
@for_administrators
@recently_authenticated
def decline(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Decline an application, with the reason that its applicant sees."""
    found, form = _verified(pk), DeclineApplicationForm(request.POST, auto_id="decline_%s")
    if sent(form, partial(decline_application, request.actor, found)) is None:
        return _application(request, found, decline_form=form, status=422)
    messages.success(request, "Declined.")
    return redirect("onboarding_list")


def _verified(pk: UUID) -> Application:
    found = Application.objects.exclude(state=Application.State.SENT).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def _application(
    request: PortalRequest,
    found: Application,
    *,
    take_up_form: TakeUpForm | None = None,
    decline_form: DeclineApplicationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    known = Agency.objects.filter(ori__iexact=found.ori).first() if found.ori else None
    given = {"name": known.name if known else found.agency_name, "kind": found.kind}
    context = {
        "application": found,
        "known": known,
        "take_up_form": take_up_form or TakeUpForm(initial=given, auto_id="take_up_%s"),
        "decline_form": decline_form or DeclineApplicationForm(auto_id="decline_%s"),
    }
    return render(request, "onboarding/application.html", context, status=status)


@require_safe
@for_administrators
def onboarding(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one agency's checklist and what can be done about it."""
    return _agency_page(request, _agency(pk))


@require_POST
@for_administrators
@recently_authenticated
def act(request: PortalRequest, pk: UUID, name: str) -> HttpResponse:
    """Do one thing to an agency by its service; what is to mend comes back on the same page."""
    if name not in ACTS:
        raise NotVisible
    agency, chosen = _agency(pk), ACTS[name]
    form = form_of(chosen, agency, request.POST)
    if sent(form, partial(chosen.service, request.actor, agency)) is None:
        return _agency_page(request, _agency(pk), tried={name: form}, status=422)
    messages.success(request, chosen.said)
    return redirect("onboarding", pk=pk)


def _agency(pk: UUID) -> Agency:
    found = Agency.objects.filter(pk=pk, short_name__isnull=False).first()
    if found is None:
        raise NotVisible
    return found


def _agency_page(
    request: PortalRequest,
    agency: Agency,
    *,
    tried: dict[str, ActForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    way = onboarding_of(agency)
    possible = offered(agency, tried=tried or {})
    context = {
        "agency": agency,
        "way": way,
        "acts": possible,
        "next_acts": [one for one in possible.values() if one.act.heading],
        "standing": [possible[name] for name in STANDING if name in possible],
        "people": _people(agency),
        "agreements": agreed(agency),
        "can_join": open_to(agency).exists(),
        "arrangements": Arrangement.objects.filter(
            agency=agency, ended_at__isnull=True
        ).select_related("provider"),
        "changes": agency.standing_changes.select_related("made_by").order_by("-made_at")[:20],
        **(_steps(agency, way) if way else {}),
    }
    return render(request, "onboarding/agency.html", context, status=status)


def _people(agency: Agency) -> int:
    """Return how many people an act that restricts would stop now."""
    if agency.status not in OPERATING:
        return 0
    acting = Membership.objects.acting().people().filter(agency=agency)
    return acting.values("person").distinct().count()


def _steps(agency: Agency, way: Onboarding) -> dict[str, Any]:
    steps, asked = checklist(agency, way), answers_of(way)
    return {
        "steps": steps,
        "missing": [words for step in steps for words in step.missing],
        "asked": asked,
        "answered": any(one.answer for one in asked),
        "contacts": named_for(way),
        "checks": way.authority_checks.select_related("checked_by").order_by("-checked_at"),
        "signatures": way.signatures.select_related("recorded_by", "agreement"),
        "votes": way.votes.select_related("person").order_by("voted_at"),
        "tiers": agency.tier_assignments.select_related("assigned_by").order_by("-assigned_at")[:5],
    }
