"""Finding records by what may be seen of them: words, misspelled names, numbers, plates, phones."""

from sharing.search.documents import index_record
from sharing.search.finding import Closeness, Hit, Narrowed, SearchPage, search, suggest
from sharing.search.terms import terms_of

__all__ = [
    "Closeness",
    "Hit",
    "Narrowed",
    "SearchPage",
    "index_record",
    "search",
    "suggest",
    "terms_of",
]
