"""What administrators do about the agreements of an agency, on its page."""

from __future__ import annotations

from agencies import services
from agencies.codes import AgencyStatus
from agencies.onboarding.act import Act
from agencies.onboarding.agreement_forms import NewAgreementForm, OtherSignatureForm, SendForm
from agencies.onboarding.forms import SignatureForm
from agencies.services.signing import SIGNING

AGREEMENT_ACTS = (
    Act(
        "send",
        "The agreements are sent",
        "Noted that the agreements were sent.",
        services.send_agreements,
        SendForm,
        (AgencyStatus.TIER_ASSIGNED,),
        heading="Send the agreements",
    ),
    Act(
        "sign",
        "Record the signature",
        "The agency is a party to the participation agreement.",
        services.record_signature,
        SignatureForm,
        (AgencyStatus.AGREEMENTS,),
        heading="Record the signature",
    ),
    Act(
        "join",
        "Record that it signed this too",
        "The agency is a party to that agreement as well.",
        services.sign_agreement,
        OtherSignatureForm,
        SIGNING,
    ),
    Act(
        "agree",
        "Enter the agreement",
        "The agreement is entered; its parties may share under it from its first day on.",
        services.sign_with,
        NewAgreementForm,
        SIGNING,
    ),
)
