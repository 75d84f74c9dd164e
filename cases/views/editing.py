"""Opening and changing cases and items, so that nothing typed is lost.

What somebody else saved meanwhile is shown beside what was typed.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.codes import Sensitivity
from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible, Stale
from cases.case_page import case_to_show, item_to_show
from cases.forms import CaseEditForm, CaseForm
from cases.item_form import ItemForm, initial_of
from cases.models import Case, Item
from cases.services import add_item, amend_case, amend_item, open_case
from sharing.naming import shown_names

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def case_new(request: PortalRequest) -> HttpResponse:
    """Open a case of one's own agency."""
    form = CaseForm(request.POST or None)

    def act(**cleaned: Any) -> Case:
        return open_case(request.actor, **form.opening())

    case = sent(form, act) if request.method == "POST" else None
    if case is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "cases/case_form.html", {"form": form}, status=status)
    messages.success(request, f"Opened as {case.number}.")
    return redirect("case", case.pk)


@require_http_methods(METHODS)
def case_edit(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Save a new version of a case."""
    case = case_to_show(request, pk)
    initial = case_values(case)
    form = CaseEditForm(request.POST or None, initial=initial, status=case.record.status)

    def act(version: int, **changes: Any) -> Case:
        return amend_case(request.actor, pk, version=version, **changed(changes, initial, form))

    context = {"form": form, "case": case, "back": reverse("case", args=[pk])}
    return _saved(request, form, act, "cases/case_form.html", context)


@require_http_methods(METHODS)
def item_new(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Add an item of the kind that the address names to a case."""
    kind = request.GET.get("kind", Item.Kind.NOTE)
    name = shown_names(request.actor, [pk]).get(pk)
    if name is None or kind not in Item.Kind.values:
        raise NotVisible
    form = ItemForm(request.POST or None, kind=kind)

    def act(**cleaned: Any) -> Item:
        return add_item(request.actor, pk, kind=kind, **form.said())

    back = reverse("case_items", args=[pk])
    context = {"form": form, "name": name, "kind": Item.Kind(kind), "back": back}
    return _saved(request, form, act, "cases/item_form.html", context)


@require_http_methods(METHODS)
def item_edit(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Save a new version of an item."""
    item = item_to_show(request, pk)
    case_id = UUID(str(item.record.case_id))
    form = ItemForm(request.POST or None, kind=item.kind, initial=initial_of(item))

    def act(version: int, **cleaned: Any) -> Item:
        return amend_item(request.actor, pk, version=version, **form.said())

    back = reverse("case_items", args=[case_id])
    name = shown_names(request.actor, [case_id]).get(case_id)
    context = {"form": form, "name": name, "item": item, "kind": Item.Kind(item.kind), "back": back}
    return _saved(request, form, act, "cases/item_form.html", context)


def case_values(case: Case) -> dict[str, Any]:
    """Return what the form of a case starts with."""
    record = case.record
    return {
        "title": record.title,
        "status": record.status,
        "grouping": record.grouping,
        "type": record.type,
        "own_number": case.own_number,
        "summary": case.summary,
        "findability": record.findability,
        "sensitivity": Sensitivity(record.sensitivity).code,
        "version": record.version,
    }


def changed(said: dict[str, Any], before: dict[str, Any], form: forms.Form) -> dict[str, Any]:
    """Return what differs from what the form was made from, so that only that is saved."""
    same_version = form.cleaned_data["version"] == before["version"]
    return {
        name: value for name, value in said.items() if not same_version or value != before[name]
    }


def _saved(
    request: PortalRequest, form: forms.Form, act: Any, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Save and go back, or show the form again: with what is wrong, or with what others saved."""
    if request.method != "POST":
        return render(request, template, context)
    try:
        saved = sent(form, act)
    except Stale as stale:
        return render(request, template, context | theirs(form, stale), status=409)
    if saved is None:
        return render(request, template, context, status=422)
    messages.success(request, "Saved.")
    return redirect(context["back"])


def theirs(form: forms.Form, stale: Stale) -> dict[str, Any]:
    """Return what the saved version says where it differs; the form goes on from that version."""
    differing = [
        (field.label, form.initial.get(field.name), field.value())
        for field in form
        if field.name != "version" and (form.initial.get(field.name) or "") != (field.value() or "")
    ]
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = stale.current  # type: ignore[index]
    return {"theirs": differing, "current": stale.current}
