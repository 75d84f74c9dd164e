"""All readers of records by name."""

from __future__ import annotations

from tests.truth import (
    readers_in_code,
    readers_in_interface,
    readers_of_lists,
    readers_of_permissions,
    readers_on_forms,
    readers_on_pages,
    readers_on_paper,
    readers_on_people,
    readers_on_sharing,
)
from tests.truth.reader import Reader

READERS: dict[str, Reader] = {
    **readers_in_code.READERS,
    **readers_of_permissions.READERS,
    **readers_in_interface.READERS,
    **readers_on_pages.READERS,
    **readers_on_forms.READERS,
    **readers_on_sharing.READERS,
    **readers_on_paper.READERS,
    **readers_on_people.READERS,
    **readers_of_lists.READERS,
    **readers_on_sharing.READERS,
}
