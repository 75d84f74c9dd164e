"""Help: what the words mean, and which keys do what.  The same for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.middleware import needs_no_hat
from agencies.portal_request import PortalRequest
from portal.glossary import glossary


@dataclass(frozen=True)
class Keys:
    """A group of shortcuts, each as what is pressed and what it does."""

    title: str
    lines: tuple[tuple[str, str], ...]


SHORTCUTS = (
    Keys(
        "Everywhere",
        (
            ("/", "Go to the search field"),
            ("?", "List the shortcuts of the page"),
            ("g h", "Home"),
            ("g c", "Cases"),
            ("g s", "Search"),
            ("g r", "Sharing requests"),
            ("g a", "Agencies"),
            ("g l", "Audit log"),
            ("g n", "Notifications"),
            ("Esc", "Close what is open"),
        ),
    ),
    Keys(
        "In a list",
        (
            ("j", "Next row"),
            ("k", "Row before"),
            ("Enter", "Open the row"),
            ("x", "Mark the row, or take the mark away"),
        ),
    ),
    Keys(
        "Deciding a sharing request",
        (
            ("a", "Approve"),
            ("l", "Approve less"),
            ("c", "Ask a question"),
            ("r", "Deny"),
            ("u", "Undo the approval, while there is time"),
        ),
    ),
)


@needs_no_hat
@require_safe
def shortcuts(request: PortalRequest) -> HttpResponse:
    """Show every shortcut there is."""
    return render(request, "portal/shortcuts.html", {"groups": SHORTCUTS})


@needs_no_hat
@require_safe
def terms(request: PortalRequest) -> HttpResponse:
    """Show what the words mean."""
    return render(request, "portal/terms.html", {"terms": glossary().items()})
