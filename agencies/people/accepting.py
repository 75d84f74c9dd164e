"""What the link in a nomination's mail opens: a password is set, or an account accepts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.actors import NOBODY, Actor
from agencies.forms import sent
from agencies.links import NOMINATION, key_in
from agencies.middleware import needs_no_hat
from agencies.models import Nomination, Person
from agencies.nominations import is_open
from agencies.people.forms import PasswordForm
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
def nomination_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the nominee what they are nominated for; keep their yes or no."""
    found = _nomination(token)
    who = _signed_in(request)
    form = _form(request, who, found)
    if request.method == "POST" and form is not None and is_open(found):
        if "refuse" in request.POST and who is not None:
            return _refused(request, who, found)
        done = sent(form, _accept, nomination=found, who=who)
        if done is not None:
            return render(request, "people/accepted.html", {"nomination": done})
    status = 422 if request.method == "POST" else 200
    context = {
        "nomination": found,
        "form": form,
        "is_open": is_open(found) and found.state == Nomination.State.NOMINATED,
        "is_new": isinstance(form, PasswordForm),
        "other_address": who is not None and who.email != found.email,
    }
    return render(request, "people/invitation.html", context, status=status)


def _nomination(token: str) -> Nomination:
    found = (
        Nomination.objects.select_related("agency", "person", "nominated_by")
        .filter(pk=key_in(NOMINATION, token) or NOBODY)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def _signed_in(request: HttpRequest) -> Person | None:
    """Return who is signed in, if anybody."""
    return request.user if request.user.is_authenticated else None


def _form(request: HttpRequest, who: Person | None, found: Nomination) -> forms.Form | None:
    """Return what is asked of whoever opens the link; None of who must sign in first."""
    data = request.POST if request.method == "POST" else None
    if who is not None:
        return AcceptForm(data)
    if found.person_id is not None or Person.objects.filter(email__iexact=found.email).exists():
        return None
    return PasswordForm(data, person=Person(email=found.email, name=found.name))


def _accept(nomination: Nomination, who: Person | None, **said: Any) -> Nomination:
    if who is not None:
        done = accept_nomination(nomination, person=who, **said)
    else:
        done = accept_as_new(nomination, **said)
    accept_with_the_others(done)
    return done


def _refused(request: HttpRequest, who: Person, found: Nomination) -> HttpResponse:
    if found.person_id != who.pk:
        raise NotVisible
    refuse_nomination(Actor(person_id=who.pk), found)
    messages.success(request, "You said no. Nothing was opened.")
    return redirect("preferences")
