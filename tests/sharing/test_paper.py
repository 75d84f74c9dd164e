"""Paper: any letters print, nothing typed is markup, and what cannot be set says so."""

from __future__ import annotations

from typing import Any

import pytest
import typst

from sharing import paper
from sharing.paper import NotPrinted, typeset

NAMES = {
    "accents": "Žofie Ångström, Nguyễn Thị Łódź",
    "from the right": "شرطة المدينة · שרה כהן",
    "greek and cyrillic": "Ωμέγα Жуков",
    "no shape anywhere": "\u0378 and \U0010fffd",
    "very long": "x" * 3000,
    "long words": "Hohenstauffenberg-Wallenrodt " * 60,
    "controls": "a\x01b\tc\x7fd\u202ee\ufefff",
    "markup": '#panic("x") *b* _i_ $a^2$ `c` <l> @r \\ [ ] { } = - + / // /* */',
    "nothing": "",
}


def briefing(said: str) -> dict[str, Any]:
    """Return a briefing copy in which everything says the same."""
    names = ("handling", "number", "case", "copy", "purpose", "onward")
    item = dict.fromkeys(("kind", "title", "role", "agency", "text"), said)
    return {
        "marks": dict.fromkeys(names, said),
        "title": said,
        "facts": [[said, said]],
        "summary": f"{said}\n\n{said}\n{said}",
        "items": [item | {"marks": [said], "facts": [[said, said]]}],
        "contributed": [item | {"marks": [], "facts": []}],
        "left_out": 1,
    }


def answer(said: str) -> dict[str, Any]:
    """Return an auditor's answer in which everything says the same."""
    names = ("number", "agency", "period", "made", "sealed")
    return {
        **dict.fromkeys(names, said),
        "weak": 2,
        "readers": [{"who": said, "counts": said, "span": said}],
        "sections": [
            {"title": "Other agencies", "nothing": said, "more": 9, "lines": [[said] * 5] * 9},
            {"title": "Receipts", "nothing": said, "more": 0, "lines": []},
        ],
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("template", ["briefing.typ", "audit.typ"])
def test_any_words_print(template: str, name: str) -> None:
    made = {"briefing.typ": briefing, "audit.typ": answer}[template](NAMES[name])
    made["title" if "title" in made else "number"] = NAMES[name] or "untitled"
    assert typeset(template, made).startswith(b"%PDF-")


def test_a_letter_without_a_shape_prints_as_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    setter = typst.compile

    def keep(*args: Any, sys_inputs: dict[str, str], **kwargs: Any) -> Any:
        tried.append(sys_inputs["data"])
        return setter(*args, sys_inputs=sys_inputs, **kwargs)

    monkeypatch.setattr(paper.typst, "compile", keep)
    typeset("briefing.typ", briefing("Case \u0378"))
    assert "\u0378" in tried[0]
    assert "\u0378" not in tried[-1]
    assert "Case [U+0378]" in tried[-1]


def test_a_template_that_is_wrong_prints_nothing_and_says_so() -> None:
    with pytest.raises(NotPrinted):
        typeset("briefing.typ", {"title": "alone"})


def test_no_end_of_letters_without_shape_ends_in_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def stubborn(*args: Any, **kwargs: Any) -> Any:
        said = 'the text `"\\u{378}"` could not be displayed'
        raise typst.TypstError(said, said)

    monkeypatch.setattr(paper.typst, "compile", stubborn)
    with pytest.raises(NotPrinted):
        typeset("briefing.typ", briefing("x"))
