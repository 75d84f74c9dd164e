"""Choosing the post to act under: one at a time, on every line of the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from agencies.codes import Role
from agencies.middleware import FOR_CASE, HAT, PURPOSE, needs_no_hat
from agencies.models import Membership, Person
from agencies.own_way import vouched_alone
from agencies.portal_request import PortalRequest
from agencies.services.hat import take_up
from agencies.vouched_sessions import only_post


class HatChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The posts of one person that are in force, each named by its agency and roles."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the agency and the roles."""
        roles = ", ".join(Role(role).label for role in obj.roles)
        return f"{obj.agency.name}: {roles}"


class HatForm(forms.Form):
    """Which of the person's posts to act under from now on."""

    membership = HatChoice(
        Membership.objects.none(),
        label="Act as",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "You have no such post in force."},
    )

    def __init__(
        self, *args: Any, person: Person, only: UUID | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        posts = Membership.objects.acting().filter(person=person).select_related("agency")
        posts = posts.filter(pk=only) if only else posts.exclude(vouched_alone())
        self.fields["membership"].queryset = posts.order_by("started_at", "pk")  # type: ignore[attr-defined]


@needs_no_hat
@require_http_methods(["GET", "HEAD", "POST"])
def switch_hat(request: PortalRequest) -> HttpResponse:
    """Act under another post; purpose and case are stated anew under it.

    Forms that other pages still show were opened under the post before: they are sent no more.
    """
    form = HatForm(request.POST or None, person=request.user, only=only_post(request))
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "agencies/hat.html", {"form": form}, status=status)
    post = take_up(request.user, form.cleaned_data["membership"])
    request.session[HAT] = str(post.pk)
    request.session.pop(PURPOSE, None)
    request.session.pop(FOR_CASE, None)
    rotate_token(request)
    return redirect(page_after(request))


def page_after(request: HttpRequest) -> str:
    """Return the page of ours that the form asks to go on to, else home."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"
