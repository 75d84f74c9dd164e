"""Nominations as pages: proposed, waiting, answered by whoever must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.actors import NOBODY, Actor
from agencies.arranged import covers_posts
from agencies.authority import By, is_administrator
from agencies.charge import require_own_people
from agencies.forms import sent
from agencies.models import Agency, Nomination
from agencies.nominations import (
    OPEN,
    is_open,
    missing_consents,
    require_consenter,
    require_second,
    takes_a_second,
    takes_an_administrator,
)
from agencies.people.access import overseer, posts_in_sight
from agencies.people.forms import AuditorForm, NominateForm
from agencies.people.posting import form_page
from agencies.portal_request import PortalRequest
from agencies.posts import unended
from agencies.reauthentication import recently_authenticated, recently_authenticated_to_send
from agencies.refusals import Conflict, NotVisible, Refusal
from agencies.services import (
    consent_to_nomination,
    invite_auditor,
    nominate,
    refuse_nomination,
    validate_nomination,
    withdraw_nomination,
)
from agencies.tenure import possible

METHODS = ["GET", "HEAD", "POST"]
PAGE = 50
ACTS: dict[str, tuple[Callable[[Actor, Nomination], object], str]] = {
    "validate": (validate_nomination, "Validated. The post is open."),
    "refuse": (refuse_nomination, "Refused."),
    "withdraw": (withdraw_nomination, "Withdrawn."),
    "consent": (consent_to_nomination, "Your agency's consent is kept."),
}


@recently_authenticated_to_send
@require_http_methods(METHODS)
def nomination_new(request: PortalRequest) -> HttpResponse:
    """Propose a post for somebody."""
    administers = is_administrator(request.actor)
    if not administers:
        require_own_people(request.actor, request.actor.agency_id or NOBODY)
    own = Agency.objects.filter(pk=request.actor.agency_id or NOBODY).first()
    under = covers_posts(own.pk) if own and not administers else []
    form = NominateForm(request.POST or None, administers=administers, under=under)

    def make(**said: Any) -> Nomination:
        agency = said.pop("agency", own)
        return nominate(request.actor, agency, **said)

    made = sent(form, make) if request.method == "POST" else None
    if made is not None:
        messages.success(request, f"A link was sent to {made.email}.")
        return redirect("nomination", made.pk)
    return form_page(
        request,
        form,
        title="Nominate somebody",
        lead=(
            "They accept by the link in the mail; then a second of the agency validates it."
            " Until then nothing is open. Whoever works for another agency too needs its consent."
        ),
        button="Send the link",
    )


@recently_authenticated_to_send
@require_http_methods(METHODS)
def auditor_new(request: PortalRequest) -> HttpResponse:
    """Invite an auditor from outside, for some agencies, until a day."""
    if not is_administrator(request.actor):
        raise NotVisible
    form = AuditorForm(request.POST or None)
    made = sent(form, invite_auditor, by=request.actor) if request.method == "POST" else None
    if made is not None:
        messages.success(request, f"A link was sent to {made[0].email}.")
        return redirect("nomination", made[0].pk)
    return form_page(
        request,
        form,
        title="Invite an auditor from outside",
        lead=(
            "A state, federal or grant auditor. They read no case; what they look at is on the"
            " audit log of each agency, like everybody's."
        ),
        button="Send the link",
    )


@require_safe
def nomination_list(request: PortalRequest) -> HttpResponse:
    """Show what waits: of one's agency, and for its consent; the newest first."""
    found = seen_nominations(request.actor).order_by("-nominated_at", "pk")
    waiting = found.filter(state__in=OPEN).select_related("agency", "nominated_by")[:PAGE]
    closed = found.exclude(state__in=OPEN).select_related("agency", "nominated_by")[:PAGE]
    context = {"waiting": waiting, "closed": closed}
    return render(request, "people/nominations.html", context)


@require_safe
def nomination(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one nomination: who must still say yes, and what whoever looks may say."""
    found = seen_nomination(request.actor, pk)
    context = {
        "nomination": found,
        "is_open": is_open(found),
        "missing": missing_consents(found),
        "consents": found.consents.select_related("agency", "given_by"),
        "needs_a_second": takes_a_second(found),
        "by_administrator": takes_an_administrator(found),
        "acts": acts_on(request.actor, found),
    }
    return render(request, "people/nomination.html", context)


@recently_authenticated
@require_POST
def nomination_act(request: PortalRequest, pk: UUID, act: str) -> HttpResponse:
    """Validate, refuse, withdraw or consent."""
    if act not in ACTS:
        raise NotVisible
    found = seen_nomination(request.actor, pk)
    service, said = ACTS[act]
    try:
        service(request.actor, found)
        messages.success(request, said)
    except Conflict as refusal:
        messages.error(request, refusal.reason)
    return redirect("nomination", pk)


def seen_nominations(actor: Actor) -> QuerySet[Nomination]:
    """Return the nominations that *actor* may look at: to the agency, of its people, or all."""
    found = Nomination.objects.select_related(
        "agency", "person", "widens", "nominated_by", "arrangement__provider"
    )
    office = overseer(actor)
    if office.administers:
        return found
    to_us = Q(agency=actor.agency_id)
    people = posts_in_sight(office).filter(unended()).values("person")
    of_ours = Q(person__in=people, widens=None, state__in=OPEN)
    return found.filter(to_us | of_ours) if office.runs else found.filter(to_us)


def seen_nomination(actor: Actor, pk: UUID) -> Nomination:
    """Return one of them; NotVisible otherwise."""
    found = seen_nominations(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def acts_on(actor: Actor, found: Nomination) -> list[str]:
    """Return what *actor* may say to a nomination now; each service asks for itself again."""
    if not is_open(found):
        return []
    steps = possible(found.state)
    asked: dict[str, Callable[[By, Nomination], object]] = {
        "validate": require_second,
        "consent": _must_consent,
        "refuse": lambda by, one: require_consenter(by, one, or_second=True),
        "withdraw": _may_withdraw,
    }
    return [
        act
        for act, ask in asked.items()
        if (act in steps or act == "consent") and _passes(ask, actor, found)
    ]


def _must_consent(by: By, found: Nomination) -> None:
    missing = {agency.pk for agency in missing_consents(found)}
    if not missing & {agency.pk for agency in require_consenter(by, found)}:
        raise NotVisible


def _may_withdraw(by: By, found: Nomination) -> None:
    if not is_administrator(by):
        require_own_people(by, found.agency_id)


def _passes(ask: Callable[[By, Nomination], object], by: By, found: Nomination) -> bool:
    try:
        ask(by, found)
    except Refusal:
        return False
    return True
