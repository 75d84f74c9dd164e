"""What a read of records that nobody opened is answered with."""

from __future__ import annotations


class UnopenedRead(RuntimeError):
    """Records were about to be read without saying for whom or why."""

    def __init__(self) -> None:
        super().__init__(
            "Records are read through .permitting(actor, action), "
            'or through .unrestricted("reason") where no person reads them.'
        )


class FollowedToRecord(UnopenedRead):
    """A query was about to reach records through a relation, past the question who asks."""

    def __init__(self) -> None:
        RuntimeError.__init__(
            self,
            "No query follows a relation to records. Ask for the records themselves and compare "
            "their ids.",
        )
