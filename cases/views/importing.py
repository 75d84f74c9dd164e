"""Importing a file of incidents: the template, the file, what it would make, and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.forms import sent
from agencies.portal_request import PortalRequest
from agencies.refusals import Invalid, NotVisible
from cases.exports.files import TYPES, XLSX
from cases.imports.incidents import Parsed, parse
from cases.imports.mapping import BadMapping, ColumnMapping, find_mapping
from cases.imports.sheets import BadSheet
from cases.imports.staged import as_incident
from cases.imports.uploads import MOST_ROWS, read_upload
from cases.imports.workbook import NAME, template
from cases.item_words import moment_in_words
from cases.models import ImportBatch
from cases.services import make_import, stage_import, undo_import
from cases.services.import_batches import IMPORTERS, batches_for
from cases.services.importing import findability_of
from sharing.posts import exchanging_post_of

SHOWN, ERRORS_SHOWN, BATCHES_SHOWN = 20, 100, 20
NAME_KEPT = 120
NOT_KNOWN = (
    "These columns are not those of the template. Its first row has the headings Number, Title, "
    "Type and From; download it and copy your rows into it."
)


class ImportForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label="File",
        help_text="CSV or XLSX, at most 5 MB and 5,000 rows. Of formulas, the values count.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choose a file.",
            "missing": "Choose a file.",
            "empty": "The file is empty.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def case_import(request: PortalRequest) -> HttpResponse:
    """Take a file and say what it would make; nothing is imported yet."""
    exchanging_post_of(request.actor, *IMPORTERS)
    form = ImportForm()
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        batch = sent(form, lambda file: tried(request, file))
        if batch is not None:
            return redirect("import_batch", batch.pk)
    earlier = batches_for(request.actor).select_related("made_by__person")[:BATCHES_SHOWN]
    context = {"form": form, "earlier": earlier, "most": MOST_ROWS}
    return render(request, "cases/import.html", context, status=422 if form.errors else 200)


def tried(request: PortalRequest, file: UploadedFile) -> ImportBatch:
    """Keep what a file would make; Invalid for one that cannot be read."""
    parsed, mapping = parsed_file(file, zone=str(request.frame.zone))
    name = "".join(one for one in str(file.name) if one.isprintable())[:NAME_KEPT]
    return stage_import(request.actor, parsed, source=mapping.source, file_name=name)


def parsed_file(file: UploadedFile, *, zone: str) -> tuple[Parsed, ColumnMapping]:
    """Return the incidents of an uploaded file and the mapping that fits its columns."""
    try:
        sheet = read_upload(file, size=file.size or 0)
        mapping = find_mapping(None, sheet.header)
    except BadSheet as error:
        raise Invalid({"file": str(error)}) from error
    except BadMapping as error:
        raise Invalid({"file": NOT_KNOWN}) from error
    return parse(sheet, mapping, zone=zone), mapping


@require_safe
def import_template(request: PortalRequest) -> HttpResponse:
    """Hand over the spreadsheet to fill in."""
    exchanging_post_of(request.actor, *IMPORTERS)
    headers = {"Content-Disposition": f'attachment; filename="{NAME}"'}
    return HttpResponse(template(), content_type=TYPES[XLSX], headers=headers)


@require_safe
def import_batch(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Show what a file would make, or what became of it."""
    batch = batches_for(request.actor).filter(pk=pk).select_related("made_by__person").first()
    if batch is None:
        raise NotVisible
    return render(request, "cases/import_batch.html", shown_batch(batch))


def shown_batch(batch: ImportBatch) -> dict[str, Any]:
    """Return what the page of an import shows."""
    return {
        "batch": batch,
        "waits": batch.state == ImportBatch.State.STAGED,
        "new": len(batch.rows),
        "incidents": [
            (one, moment_in_words(one.event["from"]), findability_of(one))
            for one in map(as_incident, batch.rows[:SHOWN])
        ],
        "errors": batch.errors[:ERRORS_SHOWN],
        "more_errors": max(len(batch.errors) - ERRORS_SHOWN, 0),
        "made": len(batch.made),
        "stayed": len(batch.made) - batch.taken_back,
    }


@require_POST
def import_make(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Make cases of what waits."""
    batch = make_import(request.actor, pk)
    number = len(batch.made)
    messages.success(request, f"Imported {number:,} case{'' if number == 1 else 's'}.")
    return redirect("import_batch", pk)


@require_POST
def import_undo(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Take an import back."""
    undo_import(request.actor, pk)
    return redirect("import_batch", pk)
