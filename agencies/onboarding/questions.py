"""What every agency is asked before it comes on board, and once a year."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One thing an agency must meet: what is asked, how it is shown, and whose rule it is."""

    topic: str
    label: str
    asks: str
    shown_by: str
    source: str


QUESTIONS = (
    Question(
        "security",
        "Security",
        "How are the computers and phones that open the portal protected, and who is responsible?",
        "Your written security policy, or the county's with its agreement to cover you.",
        "CJISSECPOL 6.0",
    ),
    Question(
        "vetting",
        "Vetting",
        "Was everybody who will sign in fingerprint-checked, and who keeps the results?",
        "A statement of the agency head with the date of the last check. No fingerprints.",
        "CJISSECPOL 6.0, PS-3",
    ),
    Question(
        "training",
        "Training",
        "Has everybody had security awareness training this year, and 28 CFR 23 where needed?",
        "A list of dates by role, or your state's training record.",
        "CJISSECPOL 6.0, AT-2",
    ),
    Question(
        "privacy_policy",
        "Privacy policy",
        "Which privacy and civil liberties policy binds your people, and where is it published?",
        "The policy, or the address where it is published.",
        "28 CFR 23.20",
    ),
    Question(
        "retention",
        "Retention",
        "How long do you keep what partners share with you, and how is it destroyed?",
        "Your retention schedule.",
        "28 CFR 23.20(h)",
    ),
)
TOPICS = {question.topic: question for question in QUESTIONS}
