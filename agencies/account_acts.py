"""Pages on which somebody acts on the account of one of their people, each with one button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.factors import factors_of
from agencies.forms import CodeField, sent
from agencies.middleware import needs_no_hat
from agencies.models import Person
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated_to_send
from agencies.refusals import NotVisible
from agencies.services.clearing import clears
from agencies.services.disabling import (
    REASONS,
    confirm_enabling,
    disable_person,
    open_enabling,
    propose_enabling,
)
from agencies.services.looking_after import RESTRICTING, looks_after, require_looks_after
from agencies.services.releasing_accounts import locked_among, release_account
from agencies.services.session import end_sessions_of, open_sessions
from agencies.session_views import page_of_ours
from agencies.text_direction import isolated


class DisableForm(forms.Form):
    """Why somebody is shut out."""

    reason_code = CodeField(REASONS, label="Reason", explained=True, widget=forms.RadioSelect)


class NothingToSay(forms.Form):
    """A form that is a button alone."""


@dataclass(frozen=True)
class Act:
    """What a page does: its words, its form and the service; ``done`` is said afterwards."""

    heading: str
    words: str
    button: str
    done: str
    service: Callable[..., Any]
    form: type[forms.Form] = NothingToSay
    idle: str = ""
    """Why there is nothing to do, where that is so."""
    shuts_out: bool = False


@needs_no_hat
@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Shut somebody out, at once."""
    person = _person(request, pk, *RESTRICTING)
    return _act(
        request,
        person,
        Act(
            heading=f"Disable {isolated(person.name)}",
            words="They are signed out everywhere at once and their tokens end. Letting them in "
            "again takes two people.",
            button="Disable now",
            done=f"{isolated(person.name)} is disabled.",
            service=disable_person,
            form=DisableForm,
            shuts_out=True,
            idle="" if person.is_active else "They are disabled already.",
        ),
    )


@needs_no_hat
@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def enable(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Propose to let somebody in again, or confirm what another proposed."""
    person = _person(request, pk, *RESTRICTING)
    return _act(request, person, _proposing(person) or _confirming(request, person))


@needs_no_hat
@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Release an account that failed sign-ins locked."""
    person = _person(request, pk)
    locked = bool(locked_among([person]))
    return _act(
        request,
        person,
        Act(
            heading=f"Release the account of {isolated(person.name)}",
            words="It is locked after failed sign-ins. Ask them first whether it was they; if it "
            "was not, somebody is trying to get in.",
            button="Release",
            done=f"{isolated(person.name)} can sign in again.",
            service=release_account,
            idle="" if locked else "This account is not locked.",
        ),
    )


@needs_no_hat
@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def end_their_sessions(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Sign somebody out everywhere."""
    person = _person(request, pk)
    count = open_sessions(person.pk).count()
    return _act(
        request,
        person,
        Act(
            heading=f"Sign {isolated(person.name)} out everywhere",
            words=f"Open sessions: {count}. They can sign in again at once.",
            button="End all sessions",
            done=f"{isolated(person.name)} is signed out everywhere.",
            service=end_sessions_of,
        ),
    )


def _proposing(person: Person) -> Act | None:
    """Return what proposes, where nobody has yet; None where somebody did."""
    if not person.is_active and open_enabling(person) is not None:
        return None
    return Act(
        heading=f"Enable {isolated(person.name)}",
        words="You propose it and a second person confirms it. Nothing changes until then.",
        button="Propose",
        done=f"Proposed. {isolated(person.name)} is let in once somebody else confirms it.",
        service=propose_enabling,
        idle="They are not disabled." if person.is_active else "",
    )


def _confirming(request: PortalRequest, person: Person) -> Act:
    proposal = open_enabling(person)
    by = proposal.proposed_by if proposal else None
    own = by is not None and by.pk == request.user.pk
    return Act(
        heading=f"Enable {isolated(person.name)}",
        words=f"{isolated(by.name) if by else 'Somebody'} proposed it. "
        "Once you confirm it they can sign in.",
        button="Confirm",
        done=f"{isolated(person.name)} can sign in again.",
        service=confirm_enabling,
        idle="You proposed it. Somebody else confirms it." if own else "",
    )


def _person(request: PortalRequest, pk: UUID, *roles: Any) -> Person:
    """Return whom the reader looks after; NotVisible for anybody else."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NotVisible
    require_looks_after(request.actor, person, *roles)
    return person


def _act(request: PortalRequest, person: Person, act: Act) -> HttpResponse:
    """Show the page, or do it and go back to where the reader came from."""
    form = act.form(request.POST or None) if act.form is not NothingToSay else act.form({})
    if request.method == "POST":
        form = act.form(request.POST)
        done = sent(form, lambda **said: act.service(request.actor, person, **said))
        if done is not None:
            messages.success(request, act.done)
            return redirect(page_of_ours(request, request.POST.get("next", "")))
    context = {"person": person, "act": act, "form": form, "next": request.GET.get("next", "")}
    status = 422 if request.method == "POST" else 200
    return render(request, "agencies/account_act.html", context, status=status)


@dataclass(frozen=True)
class Offer:
    """A link to one of these pages."""

    label: str
    name: str
    means: str = ""
    """What it says about the account that this is offered, where that is not ordinary."""


def offered(actor: Any, person: Person) -> list[Offer]:
    """Return what *actor* may do to the account of *person* now; nothing to their own."""
    if actor.person_id == person.pk or not looks_after(actor, person, *RESTRICTING):
        return []
    shut = Offer("Disable", "person_disable") if person.is_active else None
    offers = [shut or Offer("Enable", "person_enable")]
    if looks_after(actor, person):
        release = Offer("Release the account", "person_release", "Locked")
        locked = [release] if locked_among([person]) else []
        if person.is_active and clears(actor, person) and factors_of(person).exists():
            offers.append(Offer("Clear second factors", "person_factors"))
        signed_in = open_sessions(person.pk).exists()
        sessions = [Offer("Sign out everywhere", "person_sessions_end")] if signed_in else []
        offers += locked + sessions
    return offers
