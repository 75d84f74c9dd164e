"""The applicant's link: signed, so that it stands for one application and cannot be guessed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from agencies.models import Application
from agencies.onboarding.figures import APPLICANT_LINK_LASTS
from agencies.refusals import NotVisible

SALT = "agencies.application"


def token_of(application: Application) -> str:
    """Return what stands for an application in its applicant's link."""
    return signing.TimestampSigner(salt=SALT).sign_object(application.pk.hex)


def link_of(application: Application) -> str:
    """Return the address that the applicant is mailed."""
    return settings.PORTAL_URL + reverse("application", args=[token_of(application)])


def application_of(token: str) -> Application:
    """Return the application a link stands for; NotVisible when it is forged, cut or too old."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        pk = UUID(signer.unsign_object(token, max_age=APPLICANT_LINK_LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        raise NotVisible from None
    found = Application.objects.select_related("agency").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def digest_of(address: str) -> str:
    """Return a network address as it is counted: keyed, so that it cannot be read back."""
    return salted_hmac(SALT, address, algorithm="sha256").hexdigest()
