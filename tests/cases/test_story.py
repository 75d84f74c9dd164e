"""An imported call of Portland: found, shared, read, revoked."""

from __future__ import annotations

from pathlib import Path

import pytest

from agencies.codes import Level
from agencies.refusals import NotVisible
from cases.imports.incidents import batches, parse
from cases.imports.mapping import find_mapping
from cases.imports.sheets import read_sheet
from cases.listing import case_page, items_of
from cases.models import Case
from cases.presentation import shown_case
from cases.services.importing import import_batch
from ledger.models import Event
from sharing.disclosure import open_record
from sharing.models import Grant
from sharing.search import search
from sharing.services import approve_request, offer_record, revoke_grant
from tests.cases import incident_files as files
from tests.cast import terms, two_agencies

pytestmark = pytest.mark.django_db


def test_an_imported_call_is_found_shared_read_and_revoked(tmp_path: Path) -> None:
    cast = two_agencies()
    ana, bo = cast.actor("ana"), cast.actor("bo")
    sheet = read_sheet(files.portland(tmp_path))
    mapping = find_mapping(None, sheet.header)
    first = next(batches(parse(sheet, mapping).incidents, 4))
    import_batch(cast.agencies["alpha"], first, source=mapping.source)

    found = [hit for hit in search(ana, first[0].title).hits if hit.kind == "case"]
    assert {hit.title for hit in found} == {first[0].title}
    wanted = found[0].id
    assert search(bo, first[0].title).hits == []

    request = offer_record(
        ana, record_id=wanted, roster_id=cast.id("bravo"), terms=terms(level=Level.VIEW)
    )
    approve_request(cast.actor("sam"), request.pk)
    assert [one.pk for one in case_page(bo)[0]] == [wanted]
    case = open_record(bo, Case, wanted)
    assert (shown_case(case)["title"], shown_case(case)["class"]) == (first[0].title, "incident")
    assert {item.kind for item in items_of(bo, wanted)} == {"event", "place"}
    opened = Event.objects.get(kind="record.opened", target=wanted)
    assert (opened.agency, opened.level) == (cast.id("bravo"), "view")

    revoke_grant(ana, Grant.objects.get(record=wanted).pk, reason_code="need_ended")
    with pytest.raises(NotVisible):
        open_record(bo, Case, wanted)
    assert case_page(bo)[0] == items_of(bo, wanted) == search(bo, first[0].title).hits == []
