"""Finding records by what may be seen of them: words, misspelt names, numbers, plates, phones."""

from sharing.search.documents import index_record
from sharing.search.finding import Hit, SearchPage, search, suggest

__all__ = ["Hit", "SearchPage", "index_record", "search", "suggest"]
