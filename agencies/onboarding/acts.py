"""What administrators do on an agency's page: for each act its form, its service and its words."""

from __future__ import annotations

from typing import Any

from agencies import services
from agencies.codes import AgencyStatus
from agencies.models import Agency
from agencies.onboarding import forms
from agencies.onboarding.act import Act, Offered
from agencies.onboarding.agreement_acts import AGREEMENT_ACTS
from agencies.standing import ON_BOARD, UNDECIDED

Status = AgencyStatus
RESTRICTED = (Status.LIMITED_ACCESS, Status.SUSPENDED)
KNOWN = tuple(one for one in Status if one not in (Status.DIRECTORY, Status.CLOSED))

LIMITS = (
    "At its people's next click they see their own agency's cases and nothing else; partners stop"
    " seeing what it shared, and it stops seeing what was shared with it. Nothing is deleted."
)
SUSPENDS = (
    "At the next click everybody there is shut out: sessions and tokens end, what it gave and"
    " received stops. Nothing is deleted, and what is revoked meanwhile does not come back."
)
CLOSES = "The same, for good: a closed agency is not reinstated. It keeps its disclosure log."
REINSTATES = (
    "Its people can sign in again and what was shared is shared again, except what was ended or"
    " revoked meanwhile: that stays so."
)

ACTS = {
    act.name: act
    for act in (
        Act(
            "verify",
            "Record the verification",
            "Its authority is verified.",
            services.verify_authority,
            forms.VerifyForm,
            (Status.APPLIED,),
            heading="Verify its authority",
        ),
        Act(
            "tier",
            "Give this tier",
            "The tier is given; it holds from now on.",
            services.assign_tier,
            forms.TierForm,
            tuple(one for one in KNOWN if one not in (Status.ENQUIRY, Status.APPLIED)),
        ),
        *AGREEMENT_ACTS,
        Act(
            "review",
            "Record the review",
            "The review is recorded.",
            services.review_answer,
            forms.ReviewForm,
            (Status.COMPLIANCE, *ON_BOARD, Status.SUSPENDED),
        ),
        Act(
            "vote",
            "Record my vote",
            "Your vote is recorded.",
            services.vote_on_agency,
            forms.VoteForm,
            (Status.BOARD_DECISION,),
            heading="Decide",
        ),
        Act(
            "contact",
            "Name this person",
            "The person is named.",
            services.name_contact,
            forms.ContactForm,
            (Status.PROVISIONING,),
        ),
        Act(
            "particulars",
            "Save",
            "Saved.",
            services.settle_particulars,
            forms.ParticularsForm,
            (Status.PROVISIONING,),
        ),
        Act(
            "arrange",
            "Record the arrangement",
            "Recorded. It counts once the other agency's coordinator confirms it.",
            services.record_arrangement,
            forms.ArrangementForm,
            tuple(one for one in KNOWN if one != Status.ENQUIRY),
        ),
        Act(
            "appoint",
            "Appoint the coordinators",
            "Both are asked by mail; each has the post once they say yes.",
            services.appoint_coordinators,
            forms.ActForm,
            (Status.PROVISIONING,),
        ),
        Act(
            "pilot",
            "Start the pilot",
            "The pilot has begun: the agency gives and receives.",
            services.start_pilot,
            forms.ActForm,
            (Status.PROVISIONING,),
        ),
        Act(
            "activate",
            "Make it active",
            "The agency is active.",
            services.activate_agency,
            forms.ActForm,
            (Status.PILOT,),
            heading="End the pilot",
        ),
        Act(
            "recertify",
            "Ask for this year's answers",
            "Its coordinators are asked for this year's answers.",
            services.open_recertification,
            forms.ActForm,
            ON_BOARD,
        ),
        Act(
            "year",
            "Have it answer once a year",
            "It answers for the first time in a year.",
            services.begin_year,
            forms.ActForm,
            ON_BOARD,
        ),
        Act(
            "decline",
            "Decline",
            "Declined. The agency may apply again.",
            services.decline_agency,
            forms.DeclineForm,
            UNDECIDED,
            "Its way on board ends here, and what it signed with it. The applicant sees the"
            " reason, not your words.",
        ),
        Act(
            "limit",
            "Limit access",
            "Its access is limited from now on.",
            services.limit_agency,
            forms.LimitForm,
            (Status.PILOT, Status.ACTIVE, Status.SUSPENDED),
            LIMITS,
        ),
        Act(
            "suspend",
            "Suspend",
            "It is suspended from now on.",
            services.suspend_agency,
            forms.SuspendForm,
            ON_BOARD,
            SUSPENDS,
        ),
        Act(
            "reinstate",
            "Reinstate",
            "It takes part again.",
            services.reinstate_agency,
            forms.ReinstateForm,
            RESTRICTED,
            REINSTATES,
        ),
        Act(
            "close",
            "Close",
            "It is closed.",
            services.close_agency,
            forms.CloseForm,
            KNOWN,
            CLOSES,
        ),
    )
}
STANDING = ("limit", "suspend", "reinstate", "decline", "close")
"""Acts that end or return what an agency may do, shown together at the end of its page."""


def offered(agency: Agency, *, tried: dict[str, forms.ActForm]) -> dict[str, Offered]:
    """Return, by name, each act that can be done now; those *tried* as they were sent."""
    return {
        act.name: Offered(act, tried.get(act.name) or form_of(act, agency))
        for act in ACTS.values()
        if agency.status in act.statuses
    }


def form_of(act: Act, agency: Agency, data: Any = None) -> forms.ActForm:
    """Return the form of an act, its fields named apart from those of the page's other forms."""
    return act.form(data, agency=agency, auto_id=f"{act.name}_%s", initial=_initial(agency))


def _initial(agency: Agency) -> dict[str, Any]:
    return {"tier": agency.tier, "duty_desk": agency.contact}
