"""What a page answers to whoever must first confirm who they are: the way there and back.

A form that was sent too late is kept, encrypted, in the session of whoever sent it, and sent again
from a page of ours; what cannot be kept is shown, so that nothing typed is lost.
"""

from __future__ import annotations

from secrets import token_urlsafe

from allauth.account.adapter import get_adapter
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_safe

from agencies.encryption import decrypt, encrypt
from agencies.middleware import HAT, needs_no_hat
from agencies.reauthentication import READING, is_confirmed
from portal.lost_session import typed_in

HELD = "held_forms"
"""Key of the session: forms that wait for a confirmation, the oldest first."""

MOST_HELD, LONGEST_HELD = 3, 200_000


def ask_to_confirm(request: HttpRequest) -> HttpResponse:
    """Return the way to confirm and, from there, back to what was asked for."""
    part = "HX-Request" in request.headers
    if request.method in READING:
        then = _page_of(request) if part else request.get_full_path()
    elif ways_of(request) and (key := hold(request)):
        then = reverse("held_form", args=[key])
    else:
        return _given_back(request)
    if part:
        return HttpResponse(status=403, headers={"HX-Redirect": confirming(request, then)})
    return HttpResponseRedirect(confirming(request, then))


def ways_of(request: HttpRequest) -> list[str]:
    """Return where the person of the session can confirm, the strongest way first."""
    return [way["url"] for way in get_adapter().get_reauthentication_methods(request.user)]


def confirming(request: HttpRequest, then: str) -> str:
    """Return where the person of the session confirms, which leads on to *then*.

    Whoever has nothing of their own here, but their agency's sign-in, signs in again.
    """
    ways = ways_of(request)
    if ways:
        return f"{ways[0]}?{urlencode({REDIRECT_FIELD_NAME: then})}"
    again = f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: then})}"
    return f"{reverse('account_logout')}?{urlencode({REDIRECT_FIELD_NAME: again})}"


def hold(request: HttpRequest) -> str | None:
    """Keep a form for later and return its key; None for files and for too much."""
    form = request.POST.copy()
    form.pop("csrfmiddlewaretoken", None)
    said = form.urlencode()
    if request.FILES or len(said) > LONGEST_HELD:
        return None
    key = token_urlsafe(12)
    form_of = [request.get_full_path(), encrypt(said), request.session.get(HAT)]
    kept = [*request.session.get(HELD, {}).items(), (key, form_of)]
    request.session[HELD] = dict(kept[-MOST_HELD:])
    return key


@needs_no_hat
@require_safe
def held_form(request: HttpRequest, key: str) -> HttpResponse:
    """Show a form that was kept, which sends itself the first time it is shown.

    Entered under one post, it is not sent under another.
    """
    held = request.session.get(HELD, {}).get(key)
    if held is None:
        return redirect("home")
    if not is_confirmed(request):
        return HttpResponseRedirect(confirming(request, request.get_full_path()))
    path, kept, hat, *shown = held
    form = QueryDict(decrypt(kept))
    context = {"typed": typed_in(form), "again": bool(shown)}
    if hat == request.session.get(HAT):
        request.session[HELD] = {**request.session[HELD], key: [path, kept, hat, True]}
        pairs = [(name, one) for name, values in form.lists() for one in values]
        context |= {"path": path, "pairs": pairs}
    return _unkept(render(request, "portal/held_form.html", context))


def _page_of(request: HttpRequest) -> str:
    """Return the page of ours that fetched a part of itself, else home."""
    page = request.headers.get("HX-Current-URL", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else "/"


def _given_back(request: HttpRequest) -> HttpResponse:
    """Return the page that gives back what was typed, and where to confirm beside it."""
    context = {
        "typed": typed_in(request.POST),
        "confirm": confirming(request, "/"),
        "files": [file.name for files in request.FILES.lists() for file in files[1]],
    }
    return _unkept(render(request, "portal/unconfirmed.html", context, status=403))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
