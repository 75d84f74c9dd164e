"""People, keyed by an id of their own; the e-mail is an attribute that changes with the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from agencies.actors import Actor


class Theme(models.TextChoices):
    """How bright pages are for a person."""

    SYSTEM = "system", "As my device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class PersonManager(BaseUserManager["Person"]):
    """Makes people; there is no superuser to make."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Return a new person; without a password none will ever match."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person of that e-mail, whatever its case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in; what they may do hangs on the membership they act under."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("portal administrator", default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    woken_at = models.DateTimeField(null=True, editable=False)
    theme = models.CharField(
        max_length=8, choices=Theme, default=Theme.SYSTEM, db_default=Theme.SYSTEM
    )
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """Sessions begun in an earlier round are over."""

    single_keys = models.BooleanField("single-key shortcuts", default=True, db_default=True)

    actor: Actor | None = None
    """Under which membership the request acts; laid on by whoever answers it."""

    objects = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(
                condition=models.Q(is_superuser=False), name="person_never_superuser"
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values), name="person_theme_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must hold: another password or round ends it at its next use."""
        told = f"{self.password}:{self.session_round}"
        return salted_hmac(
            "agencies.Person.session", told, secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        """Return the name as screens show it."""
        return self.name
