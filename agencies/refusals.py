"""Why something was not done, in words that a person or a program can act on.

Services raise these; pages and the interface turn each into its status.  They carry no content.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """Something asked for was not done; ``reason`` is a sentence for whoever asked."""

    status = 400

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class NotVisible(Refusal):
    """There is nothing there that the asker may know of; 404, the same for absent and invisible."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing here that you can open.")


class NotAllowed(Refusal):
    """The asker sees the thing but may not do this to it; 403."""

    status = 403


class Unconfirmed(NotAllowed):
    """Whoever asks may do this once they have shown again who they are; 403."""

    def __init__(self) -> None:
        super().__init__("Confirm that it is you, then send this again.", code="reauthenticate")


class Conflict(Refusal):
    """The thing is not in a state for this, or no agreement covers it; 409."""

    status = 409


class Stale(Refusal):
    """Somebody saved a newer version; 412."""

    status = 412

    def __init__(self, *, current: int) -> None:
        super().__init__(f"This was changed by somebody else; the version now is {current}.")
        self.current = current


class Invalid(Refusal):
    """What was sent does not make sense; 400, with the errors by field."""

    status = 400

    def __init__(self, errors: Mapping[str, str | list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {error}" for field, error in errors.items()))
        self.errors = {
            field: [error] if isinstance(error, str) else list(error)
            for field, error in errors.items()
        }
