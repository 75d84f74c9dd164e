"""The page on which people make keys for their own scripts, see their use and end them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.forms import sent
from agencies.hats import page_after
from agencies.portal_request import PortalRequest
from agencies.reauthentication import recently_authenticated_to_send
from agencies.refusals import NotVisible
from agencies.services import issue_token, revoke_token
from agencies.services.token import LONGEST_DAYS, LONGEST_NAME
from agencies.tokens import READ, tokens_of_agency, tokens_of_person

SCOPE_CHOICES = [("read", "Read"), ("write", "Write: add, change, ask, decide")]
PERSONAL_CHOICES = [
    *SCOPE_CHOICES,
    ("administer", "Administer: act on people, posts and agencies where you may"),
]


class TokenForm(forms.Form):
    """What a token is for, what it may and how long it lasts."""

    name = forms.CharField(
        label="What is it for?", max_length=LONGEST_NAME, help_text="Such as: nightly report."
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=PERSONAL_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        initial=[READ],
    )
    days = forms.IntegerField(
        label="Days until it ends", min_value=1, max_value=LONGEST_DAYS, initial=30
    )


@recently_authenticated_to_send
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: PortalRequest) -> HttpResponse:
    """Show the person's tokens, or make one and show it this once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    plain = None
    if request.method == "POST":
        post = request.frame.hat
        plain = sent(form, lambda **said: issue_token(request.user, membership=post, **said))
        form = TokenForm() if plain else form
    context = {
        "form": form,
        "plain": plain,
        "tokens": tokens_of_person(request.actor.person_id),
    }
    status = 422 if request.method == "POST" and not plain else 200
    return render(request, "agencies/tokens.html", context, status=status)


@recently_authenticated_to_send
@require_POST
def token_revoke(request: PortalRequest, pk: UUID) -> HttpResponse:
    """End a token of one's own, or of a person of the agency that one coordinates."""
    actor = request.actor
    own = tokens_of_person(actor.person_id).filter(pk=pk)
    found = own.first() or tokens_of_agency(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    revoke_token(actor, found)
    messages.success(request, "Revoked. It opens nothing any more.")
    return redirect(page_after(request))
