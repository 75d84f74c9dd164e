"""Setting paper: data as JSON into a template of ours, out comes a tagged PDF (PDF/UA-1).

Nothing that anybody typed is ever markup: it reaches the template as strings alone.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse

from agencies.refusals import Refusal

logger = logging.getLogger(__name__)

FOLDER = Path(settings.ROOT) / "templates" / "paper"
LONGEST_WORD = 24
LONG_WORD = re.compile(rf"(\S{{{LONGEST_WORD}}})(?=\S)")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
NO_GLYPH = re.compile(r'(?:the text|codepoint) `"(.+?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
TRIES = 8
BREAK = "\N{ZERO WIDTH SPACE}"


class NotPrinted(Refusal):
    """The paper could not be set; 500."""

    status = 500


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return *template* of the paper folder filled with *data* as a PDF; raise NotPrinted.

    A letter for which no font of the machine has a shape is printed as its number, ``[U+738B]``.
    """
    text = json.dumps(_settable(data), ensure_ascii=False)
    for _ in range(TRIES):
        try:
            return _compiled(template, text)
        except typst.TypstError as error:
            shapeless = _without_shape(error)
            if not shapeless:
                logger.error("paper.not_set", extra={"template": template, "error": str(error)})
                break
            text = text.translate({ord(letter): f"[U+{ord(letter):04X}]" for letter in shapeless})
    raise NotPrinted("The paper could not be made; nothing was printed.")


def _compiled(template: str, text: str) -> bytes:
    made = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        sys_inputs={"data": text},
        pdf_standards=["ua-1"],
    )
    return bytes(made)


def _without_shape(error: typst.TypstError) -> set[str]:
    """Return the letters, none of ASCII, for which the setter says that it found no shape."""
    said = " ".join(NO_GLYPH.findall(getattr(error, "diagnostic", str(error))))
    letters = ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)
    return {letter for letter in letters if not letter.isascii()}


def _settable(said: Any) -> Any:
    """Return *said* without control characters, and with places to break in very long words."""
    if isinstance(said, str):
        return LONG_WORD.sub(rf"\1{BREAK}", CONTROL.sub(" ", said))
    if isinstance(said, Mapping):
        return {name: _settable(one) for name, one in said.items()}
    if isinstance(said, list | tuple):
        return [_settable(one) for one in said]
    return said


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """Return the answer that hands *pdf* over as a file, never to be kept by the browser."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "Cache-Control": "no-store",
        },
    )
