"""An agency's people, and one of them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.accounts_waiting import accounts_waiting
from agencies.clock import database_time
from agencies.figures import LAPSES_SOON
from agencies.forms import LINE, values_of
from agencies.people.access import office_of, overseer, person_in_sight, posts_in_sight
from agencies.people.card import card
from agencies.people.roll import SHOWN, roll
from agencies.portal_request import PortalRequest


class RollForm(forms.Form):
    """What the list is narrowed by, as its address carries it."""

    q = forms.CharField(label="Name, e-mail or agency", max_length=LINE, required=False)
    show = forms.ChoiceField(label="Show", choices=list(SHOWN.items()), required=False)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)


@require_safe
def person_list(request: PortalRequest) -> HttpResponse:
    """Show the posts of one's agency, or of all to a portal administrator."""
    office = overseer(request.actor)
    form = RollForm(request.GET)
    values = values_of(form)
    show = values.get("show", "current")
    page = roll(
        posts_in_sight(office), text=values.get("q", ""), show=show, after=values.get("after")
    )
    context = {
        "form": form,
        "page": page,
        "values": {"q": values.get("q", ""), "show": show, "after": values.get("after", "")},
        "soon": database_time() + LAPSES_SOON,
        "everyone": office.administers,
        "runs": office.runs,
        "accounts": accounts_waiting(request.actor),
    }
    return render(request, "people/list.html", context)


@require_safe
def person(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show one person: posts, credentials, and what may be done about them."""
    office = office_of(request.actor)
    found = person_in_sight(office, pk)
    shown = card(office, found)
    return render(request, "people/person.html", {"card": shown, "person": found})
