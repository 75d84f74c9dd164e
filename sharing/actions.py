"""What a person may want to do to a record, and what each takes."""

from __future__ import annotations

from enum import Enum

from agencies.codes import READING_ROLES, Level, Role


class Action(Enum):
    """An act, the level of access it takes, and the roles one of which the membership must hold."""

    KNOW = ("know", Level.POINTER, READING_ROLES)
    LIST = ("list", Level.SUMMARY, READING_ROLES)
    READ = ("read", Level.VIEW, READING_ROLES)
    CONTRIBUTE = ("contribute", Level.CONTRIBUTE, READING_ROLES)
    EDIT = ("edit", Level.MANAGE, READING_ROLES)
    PROPOSE = ("propose", Level.MANAGE, READING_ROLES)
    RESTRICT = ("restrict", Level.MANAGE, READING_ROLES)
    RELEASE = ("release", Level.MANAGE, (Role.SUPERVISOR,))

    def __init__(self, code: str, level: Level, roles: tuple[Role, ...]) -> None:
        self.code = code
        self.level = level
        self.roles = roles
