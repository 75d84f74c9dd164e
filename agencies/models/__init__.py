"""Who there is, by what authority and with what means."""

from agencies.models.agency import Agency
from agencies.models.agreement import Agreement, Party
from agencies.models.browser_session import BrowserSession
from agencies.models.enabling import Enabling
from agencies.models.membership import Membership
from agencies.models.person import Person
from agencies.models.roster import Roster
from agencies.models.sign_in import SignInName, SignInTry
from agencies.models.task_force import Secondment, TaskForce
from agencies.models.token import PersonalToken
from agencies.models.visit import Visit

__all__ = [
    "Agency",
    "Agreement",
    "BrowserSession",
    "Enabling",
    "Membership",
    "Party",
    "Person",
    "PersonalToken",
    "Roster",
    "Secondment",
    "SignInName",
    "SignInTry",
    "TaskForce",
    "Visit",
]
