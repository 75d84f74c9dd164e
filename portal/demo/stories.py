"""Three stories to follow through the demonstration, each from one person's seat."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Membership


@dataclass(frozen=True)
class Story:
    """What somebody wants, and the steps on screen that lead there."""

    title: str
    email: str
    about: str
    steps: tuple[str, ...]
    page: str


@dataclass(frozen=True)
class Told:
    """A story with the post from which it is lived."""

    story: Story
    post: Membership


STORIES = (
    Story(
        "I ask",
        "ana@brook.example",
        "Ana investigates garage burglaries in Brook County. Harlan City Police may hold the"
        " other half of her case.",
        (
            "Open “Ask an agency”: Harlan City Police, their number 26-2077, your case"
            " BC-26-0917, and why.",
            "Send it. The strip at the top offers Sam, who decides.",
            "As Sam: see exactly what Ana would read, and approve.",
            "Go back to Ana: the case is there. What was held back is not.",
            "As Sam again: stop sharing. Ana's next click finds nothing.",
        ),
        "/requests/ask/",
    ),
    Story(
        "I decide",
        "sam@harlan.example",
        "Sam signs every release of Harlan City Police. Fourteen requests wait, and there are ten"
        " minutes between two meetings.",
        (
            "Two lanes: Routine, and Look closer with the reason in words.",
            "Open one: who asks, for which case, what they would see, until when.",
            "Approve, approve less, ask a question, or deny with a coded reason.",
            "Try it narrow, as on a phone; or with the keys a, l, c, r and ?.",
            "See it as the one who asked, from the strip.",
        ),
        "/requests/",
    ),
    Story(
        "I must prove it",
        "ida@harlan.example",
        "Ida is asked: who saw the Alder Street case since summer, why, and by whose leave?",
        (
            "Give the case number: 26-1832.",
            "Each line says who, what, for which purpose and case, who approved, and under which"
            " agreement.",
            "The case was asked for, questioned, approved less, read, corrected, stopped and"
            " acknowledged: every step is there.",
            "Download the answer. It says up to which entry it is complete, and can be checked.",
        ),
        "/ledger/who/",
    ),
)


def stories() -> list[Told]:
    """Return the stories whose person is in the world that is loaded."""
    posts = {
        post.person.email: post
        for post in Membership.objects.acting()
        .filter(person__email__in=[story.email for story in STORIES])
        .select_related("person", "agency")
        .order_by("-started_at", "pk")
    }
    return [Told(story, posts[story.email]) for story in STORIES if story.email in posts]
