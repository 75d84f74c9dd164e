"""Search documents: what a record may be found by, one for each level that may find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField, Value

from agencies.codes import Level
from sharing.inserting import insert_rows
from sharing.models import SearchDocument
from sharing.normalize import misspellings, normalize_name, words_of
from sharing.search.terms import LONGEST_WORD, SHORTEST_NAME

LONGEST_TEXT = 200_000
"""Characters of a record that can be found; a ``tsvector`` ends at one megabyte."""


VECTOR = {"vector": ("text[]", "array_to_tsvector({})")}
ANEW = (
    "ON CONFLICT (record_id, level) DO UPDATE SET text = EXCLUDED.text, names = EXCLUDED.names,"
    " keys = EXCLUDED.keys, vector = EXCLUDED.vector"
)


class Lexemes(Func):
    """A search vector of words that were taken apart already, without any language's stems."""

    template = "array_to_tsvector(%(expressions)s::text[])"
    output_field = SearchVectorField()

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted({word[:LONGEST_WORD] for word in words})
        super().__init__(Value(self.words, output_field=ArrayField(TextField())))


def index_record(
    record_id: UUID,
    level: Level,
    text: str,
    names: Iterable[str] = (),
    keys: Iterable[str] = (),
) -> None:
    """Let a record be found from *level* on by *text*, *names* and normalized *keys* alone.

    Nothing to find it by takes the document away.
    """
    index_levels(record_id, {level: document_of(record_id, level, text, names, keys)})


def index_levels(record_id: UUID, documents: Mapping[Level, SearchDocument | None]) -> None:
    """Keep the documents of a record for these levels, in one statement, instead of those it had.

    None takes the one of its level away.
    """
    gone = [level for level, document in documents.items() if document is None]
    if gone:
        SearchDocument.objects.filter(record=record_id, level__in=gone).delete()
    insert_rows([one for one in documents.values() if one is not None], through=VECTOR, there=ANEW)


def document_of(
    record_id: UUID,
    level: Level,
    text: str,
    names: Iterable[str] = (),
    keys: Iterable[str] = (),
) -> SearchDocument | None:
    """Return the document of a record, not yet kept; None where there is nothing to find it by."""
    called = [normalize_name(name) for name in names]
    known = [key[:LONGEST_WORD] for key in keys if key]
    kept = text[:LONGEST_TEXT]
    if not (kept.strip() or any(called) or known):
        return None
    vector: Any = Lexemes([*words_of(kept), *words_of(" ".join(called))])
    return SearchDocument(
        record_id=record_id,
        level=level,
        text=kept,
        names="\n".join(name for name in called if name),
        keys=list(dict.fromkeys([*known, *_near(called)])),
        vector=vector,
    )


def index_new(documents: Sequence[SearchDocument]) -> None:
    """Keep many documents of records that had none, in one statement."""
    insert_rows(documents, through=VECTOR)


def _near(names: Iterable[str]) -> Iterator[str]:
    """Yield the keys by which *names* are found although a letter of them is wrong."""
    for name in names:
        for word in name.split():
            if len(word) >= SHORTEST_NAME:
                yield from misspellings(word[:LONGEST_WORD])
