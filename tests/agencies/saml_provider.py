"""An identity provider that speaks SAML: it reads what is asked and signs what a test has it say.

Signing is python3-saml's own; what it signs is written here, so that a test can have it say wrong.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTED = "urn:oasis:names:tc:SAML:2.0:assertion"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


@cache
def key_pair(name: str) -> tuple[str, str]:
    """Return a private key and its certificate, as PEM; each *name* has its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True)
class Asked:
    """What a portal asked of the provider: who asks, with which question, where to answer, and
    whether its person is to sign in anew.
    """

    question: str
    audience: str
    where: str
    anew: bool


def asked(there: str) -> Asked:
    """Return what the address that a browser was sent to asks (HTTP redirect binding)."""
    packed = parse_qs(urlsplit(there).query)["SAMLRequest"][0]
    root = ET.fromstring(zlib.decompress(base64.b64decode(packed), -15))  # noqa: S314
    issuer = root.find(f"{{{ASSERTED}}}Issuer")
    assert issuer is not None
    return Asked(
        root.attrib["ID"],
        issuer.text or "",
        root.attrib["AssertionConsumerServiceURL"],
        root.attrib.get("ForceAuthn") == "true",
    )


@dataclass(frozen=True)
class Says:
    """What the provider says; each field but the attributes is right unless a test changes it."""

    attributes: dict[str, Any]
    issuer: str = "urn:alpha"
    subject: str = "a-1"
    name_format: str = PERSISTENT
    signed_by: str | None = "alpha"
    signs: str = "assertion"
    algorithm: str | None = None
    audience: str | None = None
    recipient: str | None = None
    question: str | None = None
    envelope: str | None = None
    factor: str = PASSWORD
    ends: timedelta = field(default=timedelta(minutes=5))
    showed: tuple[timedelta, ...] = (timedelta(),)
    """How long ago its person showed who they are, one for each statement of it."""


def stamped(moment: datetime) -> str:
    """Return a moment as SAML writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer_to(ask: Asked, says: Says) -> str:
    """Return the answer to what was asked, as a browser posts it."""
    xml = _response(ask, says, _signed(_assertion(ask, says), says, "assertion"))
    return base64.b64encode(_signed(xml, says, "response").encode()).decode()


def _signed(xml: str, says: Says, part: str) -> str:
    if says.signs != part or says.signed_by is None:
        return xml
    from onelogin.saml2.utils import OneLogin_Saml2_Utils as Signing

    how = {"sign_algorithm": says.algorithm} if says.algorithm else {}
    signed = Signing.add_sign(xml, *key_pair(says.signed_by), **how)
    return str(signed.decode() if isinstance(signed, bytes) else signed)


def _or(said: str | None, right: str) -> str:
    return right if said is None else said


def _assertion(ask: Asked, says: Says) -> str:
    now = datetime.now(UTC)
    ends, began = stamped(now + says.ends), stamped(now - timedelta(minutes=10))
    audience, question = _or(says.audience, ask.audience), _or(says.question, ask.question)
    named = f"<saml:Audience>{audience}</saml:Audience>" if audience else ""
    restricted = f"<saml:AudienceRestriction>{named}</saml:AudienceRestriction>" if named else ""
    answers = f'InResponseTo="{question}"' if question else ""
    where = f'Recipient="{_or(says.recipient, ask.where)}"'
    return f"""<saml:Assertion xmlns:saml="{ASSERTED}" ID="_{uuid4()}" Version="2.0"
      IssueInstant="{stamped(now)}"><saml:Issuer>{says.issuer}</saml:Issuer>
      <saml:Subject><saml:NameID Format="{says.name_format}">{says.subject}</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
      <saml:SubjectConfirmationData NotOnOrAfter="{ends}" {where} {answers}/>
      </saml:SubjectConfirmation></saml:Subject>
      <saml:Conditions NotBefore="{began}" NotOnOrAfter="{ends}">{restricted}</saml:Conditions>
      {_shown(says, now)}<saml:AttributeStatement>{_attributes(says.attributes)}
      </saml:AttributeStatement></saml:Assertion>"""


def _shown(says: Says, now: datetime) -> str:
    return "".join(
        f'''<saml:AuthnStatement AuthnInstant="{stamped(now - ago)}" SessionIndex="_1">
      <saml:AuthnContext><saml:AuthnContextClassRef>{says.factor}</saml:AuthnContextClassRef>
      </saml:AuthnContext></saml:AuthnStatement>'''
        for ago in says.showed
    )


def _attributes(said: dict[str, Any]) -> str:
    return "".join(
        f'<saml:Attribute Name="{escape(name)}"><saml:AttributeValue>{escape(str(value))}'
        "</saml:AttributeValue></saml:Attribute>"
        for name, value in said.items()
    )


def _response(ask: Asked, says: Says, assertion: str) -> str:
    answers = _or(says.envelope, ask.question)
    said = f'InResponseTo="{answers}"' if answers else ""
    return f"""<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTED}" ID="_{uuid4()}"
      Version="2.0" IssueInstant="{stamped(datetime.now(UTC))}" Destination="{ask.where}" {said}>
      <saml:Issuer>{says.issuer}</saml:Issuer><samlp:Status>
      <samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
      {assertion}</samlp:Response>"""
