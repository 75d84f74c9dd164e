"""Who there is, by what authority and with what means."""

from agencies.models.access_review import AccessReview, ReviewedPost
from agencies.models.address_change import AddressChange
from agencies.models.agency import Agency
from agencies.models.agreement import Agreement, Party
from agencies.models.application import Application
from agencies.models.browser_session import BrowserSession
from agencies.models.compliance import Arrangement, ComplianceAnswer, EvidenceFile
from agencies.models.credential import (
    Credential,
    CredentialRequirement,
    CredentialWarning,
    RequirementWarning,
)
from agencies.models.enabling import Enabling
from agencies.models.factor_clearing import FactorClearing
from agencies.models.identity_provider import IdentityLink, IdentityProvider
from agencies.models.membership import Membership
from agencies.models.nomination import Consent, Nomination
from agencies.models.onboarding import (
    AuthorityCheck,
    BoardVote,
    Contact,
    Onboarding,
    Signature,
    StandingChange,
    TierAssignment,
)
from agencies.models.person import Person
from agencies.models.program import Program
from agencies.models.provisioning import DirectoryUser, ProvisioningKey
from agencies.models.roster import Roster
from agencies.models.sign_in import SignInName, SignInTry
from agencies.models.task_force import Secondment, TaskForce
from agencies.models.token import PersonalToken
from agencies.models.visit import Visit

__all__ = [
    "AccessReview",
    "AddressChange",
    "Agency",
    "Agreement",
    "Application",
    "Arrangement",
    "AuthorityCheck",
    "BoardVote",
    "BrowserSession",
    "ComplianceAnswer",
    "Consent",
    "Contact",
    "Credential",
    "CredentialRequirement",
    "CredentialWarning",
    "DirectoryUser",
    "Enabling",
    "EvidenceFile",
    "FactorClearing",
    "IdentityLink",
    "IdentityProvider",
    "Membership",
    "Nomination",
    "Onboarding",
    "Party",
    "Person",
    "PersonalToken",
    "Program",
    "ProvisioningKey",
    "RequirementWarning",
    "ReviewedPost",
    "Roster",
    "Secondment",
    "SignInName",
    "SignInTry",
    "Signature",
    "StandingChange",
    "TaskForce",
    "TierAssignment",
    "Visit",
]
