"""The rows of the list of cases: fifty of them cost more in the template language than to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from agencies.codetable import label
from agencies.text_direction import turns, untangled
from portal.templatetags.words import day, when

register = template.Library()

Shown = Mapping[str, Any]
ANY = UUID(int=0)


def _said(table: str, code: str | None) -> str:
    return escape(label(table, code)) if code else ""


def _typed(text: str | None) -> str:
    """Return what people typed, apart from its line where it runs right to left."""
    if not text or not turns(text):
        return escape(text or "")
    return f"<bdi>{escape(untangled(text))}</bdi>"


def _coded(table: str, name: str) -> Callable[[Shown], str]:
    return lambda case: f'<td class="wide-only">{_said(table, case[name])}</td>'


def _number(case: Shown) -> str:
    return f'<td class="wide-only rows__name">{_typed(case["own_number"])}</td>'


def _owner(case: Shown) -> str:
    name = _typed(case["owner"]["name"])
    marked = f'<span class="mark mark--received">{name}</span>' if case["received"] else name
    return f'<td class="rows__name">{marked}</td>'


CELLS: dict[str, Callable[[Shown], str]] = {
    "owner": _owner,
    "own_number": _number,
    "class": _coded("case_classes", "class"),
    "type": _coded("case_types", "type"),
    "status": _coded("case_statuses", "status"),
    "level": _coded("levels", "level"),
    "sensitivity": _coded("sensitivities", "sensitivity"),
    "opened": lambda case: f'<td class="wide-only nowrap">{day(case["opened_on"])}</td>',
    "changed": lambda case: f'<td class="wide-only nowrap">{when(case["touched_at"])}</td>',
}
"""What a column says of a case; the number, which comes before the title, apart."""


@register.simple_tag
def case_rows(cases: Iterable[Shown], titles: Iterable[tuple[str, str]]) -> SafeString:
    """Return a row for each of *cases* with the columns of *titles*, as ``shown_case`` gives it."""
    names = [name for name, _ in titles]
    address = reverse("case", args=[ANY])
    cells = [CELLS[name] for name in names if name != "number"]
    rows = [_row(case, names, cells, address.replace(str(ANY), str(case["id"]))) for case in cases]
    return mark_safe("".join(rows))  # noqa: S308  (every value is escaped)


def _row(case: Shown, names: list[str], cells: list[Callable[[Shown], str]], address: str) -> str:
    number = escape(case["number"])
    classes = ' class="received"' if case["received"] else ""
    numbered = _numbered(case, number, names) if "number" in names else ""
    words = f"{_said('case_types', case['type'])} · {_said('case_classes', case['class'])}"
    return (
        f'<tr{classes}><td class="rows__pick"><label class="pick">'
        f'<input type="checkbox" name="case" value="{case["id"]}">'
        f'<span class="usa-sr-only">Choose {number}</span></label></td>{numbered}'
        f'<th scope="row"><a href="{address}">{_typed(case["title"])}</a> '
        f'<span class="rows__under"><span class="narrow-only number">{number} ·</span> {words}'
        f"</span></th>{''.join(cell(case) for cell in cells)}</tr>\n"
    )


def _numbered(case: Shown, number: str, names: list[str]) -> str:
    """Return the cell of the number, with the owner's own where that has no column of its own."""
    own = "" if "own_number" in names else _typed(case["own_number"])
    under = f' <span class="rows__under">{own}</span>' if own else ""
    return f'<td class="wide-only number">{number}{under}</td>'
