"""Making a series of the cases chosen in a list, and taking a case out of one."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.forms import CodeField, sent
from agencies.portal_request import PortalRequest
from agencies.refusals import NotAllowed, NotVisible
from agencies.text_direction import isolated
from cases.chosen import chosen_in
from cases.listing import RELATED
from cases.models import Case
from cases.presentation import shown_case
from cases.series import own_series
from cases.services import add_to_series, make_series, take_out_of_series
from cases.services.series import GONE, MOST
from cases.wording import NARRATIVE, TITLE
from sharing.actions import Action
from sharing.disclosure import list_records

Shown = list[dict[str, Any]]


class SeriesForm(forms.Form):
    """A new series or one that there is, and the cases that belong to it."""

    series = forms.TypedChoiceField(label="Series", coerce=UUID, empty_value=None, required=False)
    title = forms.CharField(label="Title", max_length=TITLE, required=False)
    type = CodeField("case_types", any_label="Choose", label="Type", required=False)
    summary = forms.CharField(
        label="What they have in common",
        max_length=NARRATIVE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Shown to whoever gets the series in full.",
    )
    case = forms.TypedMultipleChoiceField(
        label="Cases",
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE},
    )

    def __init__(self, *args: Any, cases: Shown, existing: list[tuple[UUID, str]], **more: Any):
        super().__init__(*args, **more)
        named = [(str(one["id"]), f"{one['number']} {isolated(one['title'])}") for one in cases]
        self.fields["case"].choices = named  # type: ignore[attr-defined]
        known = [("", "A new series"), *((str(key), name) for key, name in existing)]
        self.fields["series"].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Have a new series say what it is called and what sort of offense it is about."""
        said = super().clean() or {}
        if not said.get("series"):
            for name, wanted in (("title", "Give it a title."), ("type", "Choose a type.")):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, wanted)
        return said


@require_http_methods(["GET", "HEAD", "POST"])
def series_new(request: PortalRequest) -> HttpResponse:
    """Make a series of the chosen cases, or add them to one."""
    if not request.actor.reads_cases:
        raise NotAllowed("Your role does not read cases.")
    said = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(request.actor, said, request.session, most=MOST)
    cases = listed(request, list(chosen.ids))
    if not cases:
        messages.warning(request, "Choose the cases that belong together first.")
        return redirect("case_list")
    existing = own_series(request.actor)
    data = request.POST if request.method == "POST" else None
    form = SeriesForm(data, cases=cases, existing=existing, initial=initial_of(cases))
    series = sent(form, lambda **kept: act(request, **kept)) if data is not None else None
    if series is not None:
        messages.success(request, f"Saved the series {series.number}.")
        return redirect("case", series.pk)
    context = {"form": form, "number": len(cases), "cut": chosen.cut, "most": MOST}
    return render(request, "cases/series_form.html", context, status=422 if data else 200)


def act(request: PortalRequest, *, series: UUID | None, case: list[UUID], **opening: Any) -> Case:
    """Add the cases to a series that there is, or make one of them."""
    if series is not None:
        return add_to_series(request.actor, series, members=case)
    return make_series(request.actor, members=case, **opening)


def listed(request: PortalRequest, ids: list[UUID]) -> Shown:
    """Return those of the chosen cases that may be listed and are no series; it is logged."""
    cases = Case.objects.select_related(*RELATED).among(request.actor, Action.LIST, ids)
    found = list(cases.exclude(record__grouping=Case.Class.SERIES).order_by("opened_on", "number"))
    list_records(request.actor, found)
    return [shown_case(case) for case in found]


def initial_of(cases: Shown) -> dict[str, Any]:
    """Return what the form starts with: every case, and the type that most of them have."""
    commonest = Counter(one["type"] for one in cases).most_common(1)
    return {"case": [str(one["id"]) for one in cases], "type": commonest[0][0]}


@require_POST
def series_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take a case out of a series."""
    try:
        member = UUID(request.POST.get("member", ""))
    except ValueError:
        raise NotVisible from None
    take_out_of_series(request.actor, pk, member=member)
    messages.success(request, "Took the case out of the series.")
    return redirect("case", pk)
