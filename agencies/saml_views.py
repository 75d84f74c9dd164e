"""The addresses to which SAML providers answer: allauth's, and stricter where it is lenient.

Loaded with the extra ``saml`` alone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import build_auth
from allauth.socialaccount.providers.saml.views import ACSView, FinishACSView, MetadataView
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Times
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from agencies.models import IdentityProvider
from agencies.single_sign_on import SAML, app_of

LONGEST = 200_000
"""Characters of an answer: a stranger's may not fill our table of sessions."""

ASSERTION = "/samlp:Response/saml:Assertion"
AUDIENCES = f"{ASSERTION}/saml:Conditions/saml:AudienceRestriction/saml:Audience"
BEARER = "saml:SubjectConfirmation[@Method='urn:oasis:names:tc:SAML:2.0:cm:bearer']"
CONFIRMED = f"{ASSERTION}/saml:Subject/{BEARER}/saml:SubjectConfirmationData"
STATED = f"{ASSERTION}/saml:AuthnStatement"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


class AgencySaml(SAMLProvider):  # type: ignore[misc]
    """A provider whose answers count where the signed part itself says that it is for us, now.

    The library takes an assertion that names no audience, and reads which question is answered
    from the envelope, which need not be signed (saml-profiles-2.0-os, 4.1.4.2).
    """

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        *,
        anew: bool = False,
        **more: Any,
    ) -> HttpResponse:
        """Lead there with a question; *anew* has its person sign in again, who may be signed in."""
        auth = build_auth(request, self)
        there = auth.login(return_to="", force_authn=anew)
        asked = auth.get_last_request_id()
        self.stash_redirect_state(request, process, next_url, data, state_id=asked, **more)
        return HttpResponseRedirect(there)

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Return who was named; PermissionDenied where the assertion is not for this sign-in."""
        require_addressed_to_us(response)
        return super().sociallogin_from_response(request, response)

    def extract_uid(self, data: Any) -> str:
        """Return a name for the answer: whom it means is read from the claims."""
        return str(data.get_last_assertion_id())[:191]

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Return the attributes, the person's lasting name, and how and when they showed it."""
        said = dict(data.get_attributes())
        if data.get_nameid() and data.get_nameid_format() != TRANSIENT:
            said.setdefault("sub", data.get_nameid())
        return {**said, "acr": data.get_last_authn_contexts(), "auth_time": authenticated_at(data)}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Return nothing: nobody is made of it."""
        return {}


def authenticated_at(auth: Any) -> int | None:
    """Return when the signed assertion says that its person showed who they are, in Unix time; the
    earliest where it says several (saml-core-2.0-os, 2.7.2).
    """
    document = Xml.to_etree(auth.get_last_response_xml())
    said = [node.get("AuthnInstant") for node in Xml.query(document, STATED)]
    return min((int(Times.parse_SAML_to_time(one)) for one in said), default=None)


def require_addressed_to_us(auth: Any) -> None:
    """Raise PermissionDenied unless the signed assertion is for us, and answers what we asked."""
    us = auth.get_settings().get_sp_data()
    document = Xml.to_etree(auth.get_last_response_xml())
    audiences = {Xml.element_text(node) for node in Xml.query(document, AUDIENCES)}
    if us["entityId"] not in audiences:
        raise PermissionDenied("The assertion does not name us as its audience.")
    asked = auth.get_last_response_in_response_to()
    for node in Xml.query(document, CONFIRMED):
        until = node.get("NotOnOrAfter")
        if (
            asked
            and node.get("InResponseTo") == asked
            and node.get("Recipient") == us["assertionConsumerService"]["url"]
            and until is not None
            and Times.parse_SAML_to_time(until) > Times.now()
        ):
            return
    raise PermissionDenied("The assertion does not say that it answers what we asked.")


class Finish(FinishACSView):  # type: ignore[misc]
    """The end of a sign-in, by our stricter provider."""

    def get_provider(self, organization_slug: str) -> AgencySaml:
        """Return the provider that may speak, or that is tried in this session."""
        return AgencySaml(request=self.request, app=self.get_app(organization_slug))


class Metadata(MetadataView):  # type: ignore[misc]
    """What the administrator of a provider must know of us, also before it may speak."""

    def get_provider(self, organization_slug: str) -> AgencySaml:
        """Return the provider, unless it was ended."""
        return AgencySaml(request=self.request, app=app_of(known_provider(organization_slug)))


START, FINISH, METADATA = ACSView.as_view(), Finish.as_view(), Metadata.as_view()


@csrf_exempt
@login_not_required
@require_POST
def answer(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Keep what a provider had the browser post, for the page that finds its session again."""
    known_provider(organization_slug)
    if not 0 < len(request.POST.get("SAMLResponse", "")) <= LONGEST:
        raise PermissionDenied("This is no answer of a sign-in.")
    kept: HttpResponse = START(request, organization_slug=organization_slug)
    return kept


@login_not_required
@require_safe
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Sign the person in whom the answer means, or say that it did not finish.

    What is no XML at all is raised by the parser as a SyntaxError, and no question of ours as
    PermissionDenied: allauth lets both through.
    """
    try:
        done: HttpResponse = FINISH(request, organization_slug=organization_slug)
    except (PermissionDenied, SyntaxError, ValueError) as refusal:
        app = get_adapter(request).get_app(request, provider=SAML, client_id=organization_slug)
        provider = AgencySaml(request=request, app=app)
        done = render_authentication_error(request, provider, exception=refusal)
    return done


@login_not_required
@require_safe
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Show our side to the administrator of a provider."""
    found: HttpResponse = METADATA(request, organization_slug=organization_slug)
    return found


def known_provider(text: str) -> IdentityProvider:
    """Return the provider of an address unless somebody ended it; Http404 otherwise."""
    try:
        pk = UUID(text)
    except ValueError:
        raise Http404 from None
    found = IdentityProvider.objects.filter(pk=pk, protocol=SAML, ended_at__isnull=True).first()
    if found is None:
        raise Http404
    return found
