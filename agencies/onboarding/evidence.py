"""Files that show that an answer is true: taken by what they contain, never by their name."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from agencies.onboarding.figures import EVIDENCE_BYTES
from agencies.refusals import Invalid

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
OFFICE = "application/vnd.openxmlformats-officedocument"
STARTS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
PARTS = {
    "word/document.xml": f"{OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}.spreadsheetml.sheet",
}
"""What a zipped document holds that says which it is; one with macros is none of these."""

ENDINGS = {
    PDF: ".pdf",
    PNG: ".png",
    JPEG: ".jpg",
    PARTS["word/document.xml"]: ".docx",
    PARTS["xl/workbook.xml"]: ".xlsx",
}
REFUSED = "Only PDF, PNG, JPEG, DOCX and XLSX files are taken. Save it as one of these."


@dataclass(frozen=True)
class Evidence:
    """A file as it is kept: a name that is safe to offer, its type by content, its digest."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: ContentFile[bytes]


def evidence_of(upload: UploadedFile) -> Evidence:
    """Return an uploaded file as evidence; Invalid when too large or of another type."""
    if (upload.size or 0) > EVIDENCE_BYTES:
        most = EVIDENCE_BYTES // (1024 * 1024)
        raise Invalid({"file": f"The file is larger than {most} MB. Send a smaller one."})
    raw = upload.read(EVIDENCE_BYTES + 1)
    media_type = type_of(raw)
    return Evidence(
        name=safe_name(upload.name or "", media_type),
        media_type=media_type,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        content=ContentFile(raw),
    )


def type_of(raw: bytes) -> str:
    """Return what the content is; Invalid unless it is one of the types taken."""
    for start, media_type in STARTS.items():
        if raw.startswith(start):
            return media_type
    if not raw:
        raise Invalid({"file": "The file is empty."})
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Invalid({"file": REFUSED}) from None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Invalid({"file": "The file holds macros. Save it without them, or as PDF."})
    found = [media_type for part, media_type in PARTS.items() if part in names]
    if not found:
        raise Invalid({"file": REFUSED})
    return found[0]


def safe_name(name: str, media_type: str) -> str:
    """Return the name to offer a file under: letters, digits and few signs, and a true ending."""
    stem = name.rpartition("/")[2].rpartition("\\")[2].rpartition(".")[0] or name
    kept = "".join(sign if sign.isalnum() or sign in " -_()" else "_" for sign in stem)
    return (" ".join(kept.split())[:100] or "evidence") + ENDINGS[media_type]
