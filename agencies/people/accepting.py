"""What the link in a nomination's mail opens: a password is set, or an account accepts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.forms import sent
from agencies.links import NOMINATION, key_in
from agencies.middleware import needs_no_hat
from agencies.models import Nomination, Person
from agencies.nominations import is_open
from agencies.people.forms import PasswordForm
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from agencies.services import accept_as_new, accept_nomination, refuse_nomination
from agencies.services.auditor import accept_with_the_others


class AcceptForm(forms.Form):
    """Whether mail goes to the address of the link from now on."""

    take_address = forms.BooleanField(label="Send my mail to this address", required=False)


@needs_no_hat
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_link(request: PortalRequest, token: str) -> HttpResponse:
    """Show the nominee what they are nominated for; keep their yes or no."""
    found = _nomination(token)
    form = _form(request, found)
    if request.method == "POST" and form is not None and is_open(found):
        if "refuse" in request.POST and request.user.is_authenticated:
            return _refused(request, found)
        done = sent(form, _accept, nomination=found, request=request)
        if done is not None:
            return render(request, "people/accepted.html", {"nomination": done})
    status = 422 if request.method == "POST" else 200
    context = {
        "nomination": found,
        "form": form,
        "is_open": is_open(found) and found.state == Nomination.State.NOMINATED,
        "is_new": isinstance(form, PasswordForm),
        "other_address": request.user.is_authenticated and request.user.email != found.email,
    }
    response = render(request, "people/invitation.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _nomination(token: str) -> Nomination:
    found = (
        Nomination.objects.select_related("agency", "person", "nominated_by")
        .filter(pk=key_in(NOMINATION, token))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def _form(request: PortalRequest, found: Nomination) -> forms.Form | None:
    """Return what is asked of whoever opens the link; None of who must sign in first."""
    data = request.POST if request.method == "POST" else None
    if request.user.is_authenticated:
        return AcceptForm(data)
    if found.person_id is not None or Person.objects.filter(email__iexact=found.email).exists():
        return None
    return PasswordForm(data, person=Person(email=found.email, name=found.name))


def _accept(nomination: Nomination, request: PortalRequest, **said: Any) -> Nomination:
    if request.user.is_authenticated:
        done = accept_nomination(nomination, person=request.user, **said)
    else:
        done = accept_as_new(nomination, **said)
    accept_with_the_others(done)
    return done


def _refused(request: PortalRequest, found: Nomination) -> HttpResponse:
    from agencies.actors import Actor

    if found.person_id != request.user.pk:
        raise NotVisible
    refuse_nomination(Actor(person_id=request.user.pk), found)
    messages.success(request, "You said no. Nothing was opened.")
    return redirect("preferences")
