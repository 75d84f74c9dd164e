"""The page on which people say how they want pages: light or dark, single keys or not."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.hats import page_after
from agencies.middleware import needs_no_hat
from agencies.models.person import Theme
from agencies.portal_request import PortalRequest
from agencies.services import set_preferences


class ThemeForm(forms.Form):
    """How bright pages are."""

    theme = forms.ChoiceField(label="Pages are", choices=Theme, widget=forms.RadioSelect)


class PreferencesForm(ThemeForm):
    """Everything a person chooses about their pages."""

    single_keys = forms.BooleanField(
        label="Single keys do something",
        required=False,
        help_text=(
            "Such as / to search and j and k to move in a list, never while you type. Turn this"
            " off if you speak to your computer or press keys by accident."
        ),
    )


@needs_no_hat
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: PortalRequest) -> HttpResponse:
    """Show and keep how the person wants pages."""
    person = request.user
    kept = {"theme": person.theme, "single_keys": person.single_keys}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=kept)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "agencies/preferences.html", {"form": form}, status=status)
    set_preferences(request.actor, **form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("preferences")


@needs_no_hat
@require_POST
def choose_theme(request: PortalRequest) -> HttpResponse:
    """Keep light or dark, chosen in the menu, and go back to the page it was chosen on."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return redirect("preferences")
    set_preferences(request.actor, theme=form.cleaned_data["theme"])
    return redirect(page_after(request))
