"""The page of parts: each as pages use it, with long names, other scripts, and nothing in it."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

LONG = (
    "Metropolitan Harbor, Riverfront and Interstate Corridor Joint Property Crime Investigation"
    " Bureau of the Greater Three Rivers Council of Governments"
)
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
RIGHT_TO_LEFT = "مكتب شرطة النهر — ليلى عبد الرحمن"
HEBREW = "תחנת משטרת הנמל"
NAMES = ("Ana Ames", "Siobhán Ní Dhomhnaill-Vandersteen", LONG, UNBROKEN, RIGHT_TO_LEFT, HEBREW)
MARKS = ("", "open", "good", "warn", "bad", "received", "les")
NOTES = ("", "warn", "bad", "good", "received")


class PartsForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Title", help_text="One line.", max_length=200)
    agency = forms.ChoiceField(label="Agency", choices=[(name, name) for name in NAMES])
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(label="Why", widget=forms.Textarea, required=False)
    later = forms.ChoiceField(
        label="Items added later",
        choices=[("no", "No"), ("except", "Yes, except protected people"), ("all", "Everything")],
        widget=forms.RadioSelect,
    )
    copies = forms.BooleanField(label="Marked copies inside their agency", required=False)


@login_not_required
@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """Show every part of the stylesheet, forms both untouched and with something to mend."""
    broken = PartsForm({"title": "", "agency": "nobody", "until": "yesterday"})
    context = {
        "names": NAMES,
        "long": LONG,
        "unbroken": UNBROKEN,
        "right_to_left": RIGHT_TO_LEFT,
        "marks": MARKS,
        "notes": NOTES,
        "form": PartsForm(auto_id="plain_%s"),
        "broken": broken,
    }
    return render(request, "components/parts.html", context)
