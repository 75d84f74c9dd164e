"""Opening and changing cases and items, so that nothing typed is lost."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.drafts import keep_no_draft
from agencies.portal_request import PortalRequest
from agencies.refusals import NotVisible
from cases.case_page import case_to_show, item_to_show
from cases.doubts import doubts_of_case, doubts_of_item
from cases.forms import CaseEditForm, CaseForm
from cases.item_form import ItemForm
from cases.models import Case, Item
from cases.saving import Saving
from cases.services import add_item, amend_case, amend_item, open_case
from cases.versions import case_values, case_values_at, item_values, item_values_at
from sharing.naming import shown_names
from sharing.revisions import revisions_of

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def case_new(request: PortalRequest) -> HttpResponse:
    """Open a case of one's own agency; asked in passing, say what follows from its type."""
    if request.headers.get("HX-Request"):
        return render(request, "cases/_derived.html", {"form": CaseForm(request.GET)})
    form = CaseForm(request.POST or None)
    saving = Saving(form, lambda **_: open_case(request.actor, **form.opening()))
    case = saving.run() if request.method == "POST" else None
    if case is None:
        return _form(request, "cases/case_form.html", {"form": form}, saving)
    keep_no_draft(request)
    messages.success(request, f"Opened as {case.number}.")
    if form.names_protected:
        messages.info(request, "Add who is protected now: other agencies will not see the name.")
        return redirect(reverse("item_new", args=[case.pk]) + "?kind=person")
    return redirect("case", case.pk)


@require_http_methods(METHODS)
def case_edit(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Save a new version of a case."""
    case = case_to_show(request, pk)
    status = case.record.status
    form = CaseEditForm(request.POST or None, initial=case_values(case), status=status)

    def act(version: int, **_: Any) -> Case:
        changes = form.changes()
        return amend_case(request.actor, pk, version=version, **changes) if changes else case

    saving = Saving(
        form,
        act,
        doubts=lambda: doubts_of_case(request.actor, pk, form),
        opened=partial(case_values_at, request.actor, pk),
        last=lambda: revisions_of(request.actor, pk).first(),
    )
    back = reverse("case", args=[pk])
    context = {"form": form, "case": case, "back": back}
    return _save(request, saving, "cases/case_form.html", context, back=back)


@require_http_methods(METHODS)
def item_new(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Add an item of the kind that the address names to a case."""
    kind = request.GET.get("kind", Item.Kind.NOTE)
    name = shown_names(request.actor, [pk]).get(pk)
    if name is None or kind not in Item.Kind.values:
        raise NotVisible
    form = ItemForm(request.POST or None, kind=kind)
    saving = Saving(
        form,
        lambda **_: add_item(request.actor, pk, kind=kind, **form.said()),
        doubts=lambda: doubts_of_item(request.actor, pk, form),
    )
    back = reverse("case_items", args=[pk])
    context = {"form": form, "name": name, "case_id": pk, "back": back, **kinds(kind)}
    again = f"{request.path}?kind={kind}" if "another" in request.POST else back
    return _save(request, saving, "cases/item_form.html", context, back=again)


@require_http_methods(METHODS)
def item_edit(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Save a new version of an item."""
    item = item_to_show(request, pk)
    case_id = UUID(str(item.record.case_id))
    form = ItemForm(request.POST or None, kind=item.kind, initial=item_values(item))

    def act(version: int, **_: Any) -> Item:
        changes = form.changes()
        return amend_item(request.actor, pk, version=version, **changes) if changes else item

    saving = Saving(
        form,
        act,
        doubts=lambda: doubts_of_item(request.actor, case_id, form, item=item),
        opened=partial(item_values_at, request.actor, pk),
        last=lambda: revisions_of(request.actor, pk).first(),
    )
    back = f"{reverse('case_items', args=[case_id])}#item-{pk}"
    name = shown_names(request.actor, [case_id]).get(case_id)
    context = {"form": form, "name": name, "item": item, "back": back, **kinds(item.kind)}
    return _save(request, saving, "cases/item_form.html", context, back=back)


def kinds(kind: str) -> dict[str, Any]:
    """Return the kind of an item, and all kinds there are, for the form."""
    return {"kind": Item.Kind(kind), "item_kinds": Item.Kind.choices}


def _save(
    request: PortalRequest,
    saving: Saving[Any],
    template: str,
    context: dict[str, Any],
    *,
    back: str,
) -> HttpResponse:
    """Save and go on, or show the form again with all that was typed."""
    saved = saving.run() if request.method == "POST" else None
    if saved is None:
        return _form(request, template, context, saving)
    keep_no_draft(request)
    messages.success(request, saving.said())
    return redirect(back)


def _form(
    request: PortalRequest, template: str, context: dict[str, Any], saving: Saving[Any]
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, template, context | saving.context(), status=status)
