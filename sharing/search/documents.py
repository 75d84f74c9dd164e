"""Search documents: what a record may be found by, one for each level that may find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField, Value

from agencies.codes import Level
from sharing.models import SearchDocument
from sharing.normalise import misspellings, normalise_name, words_of
from sharing.search.terms import LONGEST_WORD, SHORTEST_NAME

LONGEST_TEXT = 200_000
"""Characters of a record that can be found; a ``tsvector`` ends at one megabyte."""


class Lexemes(Func):
    """A search vector of words that were taken apart already, without any language's stems."""

    template = "array_to_tsvector(%(expressions)s::text[])"
    output_field = SearchVectorField()

    def __init__(self, words: Iterable[str]) -> None:
        once = sorted({word[:LONGEST_WORD] for word in words})
        super().__init__(Value(once, output_field=ArrayField(TextField())))


def index_record(
    record_id: UUID,
    level: Level,
    text: str,
    names: Iterable[str] = (),
    keys: Iterable[str] = (),
) -> None:
    """Let a record be found from *level* on by *text*, *names* and normalised *keys* alone.

    Nothing to find it by takes the document away.
    """
    called = [normalise_name(name) for name in names]
    known = [key[:LONGEST_WORD] for key in keys if key]
    kept = text[:LONGEST_TEXT]
    if not (kept.strip() or any(called) or known):
        SearchDocument.objects.filter(record=record_id, level=level).delete()
        return
    vector: Any = Lexemes([*words_of(kept), *words_of(" ".join(called))])
    document = SearchDocument(
        record_id=record_id,
        level=level,
        text=kept,
        names="\n".join(name for name in called if name),
        keys=list(dict.fromkeys([*known, *_near(called)])),
        vector=vector,
    )
    SearchDocument.objects.bulk_create(
        [document],
        update_conflicts=True,
        unique_fields=["record", "level"],
        update_fields=["text", "names", "keys", "vector"],
    )


def _near(names: Iterable[str]) -> Iterator[str]:
    """Yield the keys by which *names* are found although a letter of them is wrong."""
    for name in names:
        for word in name.split():
            if len(word) >= SHORTEST_NAME:
                yield from misspellings(word[:LONGEST_WORD])
