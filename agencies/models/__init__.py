"""Who there is, by what authority and with what means."""

from agencies.models.access_review import AccessReview, ReviewedPost
from agencies.models.address_change import AddressChange
from agencies.models.agency import Agency
from agencies.models.agreement import Agreement, Party
from agencies.models.browser_session import BrowserSession
from agencies.models.credential import Credential, CredentialRequirement, CredentialWarning
from agencies.models.enabling import Enabling
from agencies.models.membership import Membership
from agencies.models.nomination import Consent, Nomination
from agencies.models.person import Person
from agencies.models.program import Program
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
    "BrowserSession",
    "Consent",
    "Credential",
    "CredentialRequirement",
    "CredentialWarning",
    "Enabling",
    "Membership",
    "Nomination",
    "Party",
    "Person",
    "PersonalToken",
    "Program",
    "ReviewedPost",
    "Roster",
    "Secondment",
    "SignInName",
    "SignInTry",
    "TaskForce",
    "Visit",
]
