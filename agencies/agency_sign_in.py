"""The pages on which one signs in with one's agency, chosen by name or by the address's domain."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.models import IdentityProvider
from agencies.single_sign_on import refused

ASKED_ANEW = {"prompt": "login", "max_age": "0"}
"""What asks an OpenID provider for it (OpenID Connect Core 1.0, 3.1.2.1)."""

CHOOSE = "Choose your agency in the list: no sign-in is known for that part of an address."


class ProviderChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Agencies with a sign-in of their own, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the agency's name."""
        return str(obj.agency.name)


class AgencyForm(forms.Form):
    """Which agency's sign-in to go to."""

    provider = ProviderChoice(
        IdentityProvider.objects.none(), label="Your agency", required=False, empty_label="Choose"
    )
    email = forms.EmailField(
        label="Or your e-mail address there",
        required=False,
        help_text="Only the part after the @ is looked at.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        speaking = IdentityProvider.objects.speaking().select_related("agency")
        field: Any = self.fields["provider"]
        field.queryset = speaking.order_by("agency__name", "pk")

    def clean(self) -> dict[str, Any]:
        """Find the provider by the domain where none was chosen."""
        said = super().clean() or {}
        if said.get("provider") is None and not self.errors:
            domain = (said.get("email") or "").rpartition("@")[2].lower()
            known = IdentityProvider.objects.speaking().filter(domains__contains=[domain])
            said["provider"] = known.order_by("created_at", "pk").first()
            if said["provider"] is None:
                raise forms.ValidationError(CHOOSE)
        return said


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def agency_sign_in(request: HttpRequest) -> HttpResponse:
    """Choose an agency's sign-in and go there; whether one is known here is not said."""
    form = AgencyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/agency.html", {"form": form}, status=status)
    return leading_to(request, form.cleaned_data["provider"])


def leading_to(
    request: HttpRequest,
    row: IdentityProvider,
    kept: dict[str, str] | None = None,
    *,
    anew: bool = False,
) -> HttpResponse:
    """Return the page that leads on to a provider by itself; a form may send to nobody else.

    *kept* comes back with the answer; *anew* has the provider ask its person again who they are.
    """
    provider = get_adapter(request).get_provider(request, str(row.pk))
    try:
        said = provider.get_redirect_from_request_kwargs(request)
        said |= {"process": AuthProcess.LOGIN, "data": kept}
        said |= _anew(row, said) if anew else {}
        there = provider.redirect(request, **said)["Location"]
    except ImmediateHttpResponse as refusal:
        answer: HttpResponse = refusal.response
        return answer
    except (OSError, KeyError, ValueError):
        return refused(request, "Your agency's sign-in does not answer at present.")
    page = render(request, "account/agency_leaving.html", {"provider": row, "there": there})
    page["Refresh"] = f"0; url={there}"
    return page


def _anew(row: IdentityProvider, said: dict[str, Any]) -> dict[str, Any]:
    """Return what has a provider ask its person again, in its own protocol."""
    if row.protocol == IdentityProvider.Protocol.SAML:
        return {"anew": True}
    return {"auth_params": {**said["auth_params"], **ASKED_ANEW}}


def addresses_of(request: HttpRequest, row: IdentityProvider) -> list[tuple[str, str]]:
    """Return what the administrator of a provider enters there, each with its words."""
    pk = str(row.pk)
    if row.protocol == IdentityProvider.Protocol.OIDC:
        back = reverse("openid_connect_callback", args=[pk])
        return [("Address to return to", request.build_absolute_uri(back))]
    names = {"saml_metadata": "Entity id, and our metadata", "saml_acs": "Address for its answers"}
    if not settings.SAML_INSTALLED:
        return []
    return [
        (words, request.build_absolute_uri(reverse(name, args=[pk])))
        for name, words in names.items()
    ]
