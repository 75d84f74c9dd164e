"""Pages of the demonstration: the personas, and becoming one of them."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.accounts import signed_in
from agencies.hats import page_after
from agencies.middleware import HAT
from agencies.models import Membership, Person
from agencies.reauthentication import STAYS_CONFIRMED
from agencies.refusals import NotVisible
from portal.about import about
from portal.demo.offers import offer_back
from portal.demo.personas import administrators, casts, is_on_this_machine
from portal.demo.stories import stories
from portal.demo.strip import OFFER

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class EnterForm(forms.Form):
    """Whom to become: a person, and under which post if they have one."""

    person = forms.ModelChoiceField(Person.objects.filter(is_active=True))
    membership = forms.ModelChoiceField(Membership.objects.all(), required=False)


def left_behind(request: HttpRequest) -> dict[str, str] | None:
    """Return the offer to come back to who one was, where the strip was used to change sides."""
    page, kept = request.POST.get("from", ""), str(request.session.get(HAT, ""))
    if not page or not kept:
        return None
    before = Membership.objects.acting().select_related("person", "agency").filter(pk=kept).first()
    return offer_back(before, next_=page).kept() if before else None


def on_this_machine(view: Any) -> Any:
    """Answer as if there were no such page unless the browser is on this machine."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not is_on_this_machine(request):
            raise NotVisible
        answer: HttpResponse = view(request)
        return answer

    return login_not_required(guarded)


@require_safe
@never_cache
@on_this_machine
def personas(request: HttpRequest) -> HttpResponse:
    """Show the stories, and who there is to be."""
    context = {
        "casts": casts(),
        "administrators": administrators(),
        "stories": stories(),
        "next": request.GET.get("next", ""),
    }
    return render(request, "demo/personas.html", context)


@require_safe
@on_this_machine
def about_demo(request: HttpRequest) -> HttpResponse:
    """Show the page for the chief to whoever has not chosen a seat yet."""
    answer: HttpResponse = about(request)
    return answer


@require_POST
@on_this_machine
def enter(request: HttpRequest) -> HttpResponse:
    """Become the persona chosen, in place of whoever was signed in."""
    form = EnterForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    person, post = form.cleaned_data["person"], form.cleaned_data["membership"]
    if post is not None and post.person_id != person.pk:
        raise NotVisible
    back = left_behind(request)
    logout(request)
    login(request, person, backend=BACKEND)
    request.session[STAYS_CONFIRMED] = True
    if post is not None:
        request.session[HAT] = str(post.pk)
    if back is not None:
        request.session[OFFER] = back
    signed_in(person)
    return redirect(page_after(request))
