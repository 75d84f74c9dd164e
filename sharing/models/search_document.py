"""Search documents: what a record can be found by, apart from the record itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper

from agencies.codes import Level
from sharing.models.record import Record
from sharing.sealed.key import SealedKey


class SearchDocument(models.Model):
    """The words, names and keys of one record that a reader of at least ``level`` may find it by.

    A record has up to two: what its summary shows, and what only its full view shows.  The second
    is matched for a protected record only where the reader gets it unmasked.
    """

    id = models.BigAutoField(primary_key=True)
    record = SealedKey(Record, models.CASCADE, related_name="search_documents")
    level = models.PositiveSmallIntegerField(choices=Level)
    text = models.TextField()
    names = models.TextField(blank=True)
    keys = ArrayField(models.CharField(max_length=120), default=list)
    vector = SearchVectorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "level"], name="search_document_once")
        ]
        indexes: ClassVar = [
            GinIndex(fields=["vector"], name="search_words"),
            GinIndex(fields=["keys"], name="search_keys"),
            GinIndex(OpClass(Upper("names"), name="gin_trgm_ops"), name="search_names"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} at {self.level}"
