"""A form that arrives after its session ended: what was typed is given back, never dropped.

It is shown to nobody but whoever sent it: the answer holds what the request brought and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render

from cases.item_fields import field_label

UNTYPED = ("csrfmiddlewaretoken", "version", "another", "step", "next", "save_all_the_same")
LONG = 80
"""Characters from which a value is shown on several lines."""


class SignInMiddleware(LoginRequiredMiddleware):
    """Asks whoever is signed out to sign in, and gives back a form that came too late."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Return None to go on; else where to sign in, or the page with what was typed."""
        asked = super().process_view(request, view_func, view_args, view_kwargs)
        return asked if asked is None else given_back(request, asked)


def given_back(request: HttpRequest, asked: HttpResponseBase) -> HttpResponseBase:
    """Return *asked*, which leads to signing in, or the page that gives back what was typed.

    Where only a part of a page was asked for, the browser is told to ask for the whole.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    typed = typed_in(request.POST) if request.method == "POST" else []
    if not typed:
        return asked
    context = {"typed": typed, "sign_in": asked["Location"]}
    response = render(request, "portal/lost_session.html", context, status=401)
    response.headers["Cache-Control"] = "no-store"
    return response


def typed_in(form: QueryDict) -> list[dict[str, Any]]:
    """Return what a form holds that a person typed: its name in words, its text, how long it is."""
    found = []
    for name, values in form.lists():
        said = "; ".join(str(value) for value in values if str(value).strip())
        if said and name not in UNTYPED and "password" not in name:
            words = field_label(name.removeprefix("fields."))
            found.append({"label": words, "text": said, "long": len(said) > LONG or "\n" in said})
    return found
