"""Views of the list of cases that people keep: shown, saved, changed, removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.forms import TEXT, sent
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from agencies.text_direction import isolated
from cases.list_page import kept_query
from cases.models import SavedView
from cases.models.saved_view import LONGEST_NAME
from cases.services import change_view, remove_view, save_view
from cases.services.saved_views import may_change, views_for
from cases.views.lists import link_to


class ViewForm(forms.Form):
    """What a view is called and for whom it is."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    for_agency = forms.TypedChoiceField(
        label="For",
        choices=[("", "Me"), ("1", "Everybody in my agency")],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )
    is_default = forms.BooleanField(label="Open the list with it", required=False)

    def clean_for_agency(self) -> bool:
        """Return whether it is for the agency; nothing chosen is for oneself."""
        return bool(self.cleaned_data.get("for_agency"))


class NewViewForm(ViewForm):
    """The same for the list as it stands."""

    query = forms.CharField(max_length=TEXT, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def view_list(request: PortalRequest) -> HttpResponse:
    """Show the views that the reader may open, or keep the list as it stands under a name."""
    if request.method == "POST":
        return _save(request)
    form = NewViewForm(initial={"query": kept_query(request.GET, request.session)})
    return _page(request, form, is_new=bool(request.GET))


def _save(request: PortalRequest) -> HttpResponse:
    form = NewViewForm(request.POST)

    def act(query: str, **said: Any) -> SavedView:
        return save_view(request.actor, query=kept_query(QueryDict(query), request.session), **said)

    view = sent(form, act)
    if view is None:
        return _page(request, form, is_new=True, status=422)
    messages.success(request, f"Saved the view {isolated(view.name)}.")
    return redirect(f"{reverse('case_list')}?{link_to(view)}")


def _page(
    request: PortalRequest, form: ViewForm, *, is_new: bool, status: int = 200
) -> HttpResponse:
    views = views_for(request.actor).select_related("made_by__person", "agency")
    rows = [(view, link_to(view), may_change(request.actor, view)) for view in views]
    context = {"rows": rows, "form": form, "is_new": is_new}
    return render(request, "cases/views.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Rename a view, share it or take it back, make it the one that the list begins with."""
    view = views_for(request.actor).filter(pk=pk).first()
    if view is None:
        raise NotVisible
    initial = {
        "name": view.name,
        "for_agency": "1" if view.agency_id else "",
        "is_default": view.is_default,
    }
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        changed = sent(form, lambda **said: change_view(request.actor, pk, **said))
        if changed is not None:
            messages.success(request, f"Saved the view {isolated(changed.name)}.")
            return redirect("view_list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "view_": view, "may_change": may_change(request.actor, view)}
    return render(request, "cases/view_form.html", context, status=status)


@require_POST
def view_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Remove a view."""
    remove_view(request.actor, pk)
    messages.success(request, "Removed the view. The cases in it are as they were.")
    return redirect("view_list")
