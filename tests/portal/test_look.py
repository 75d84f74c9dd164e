"""The stylesheet: every color is a token, and every pair that is read together can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CSS = (ROOT / "static" / "liaison.css").read_text(encoding="utf-8")
TOKENS = CSS[CSS.index(":root {") : CSS.index("}", CSS.index(":root {"))]
RULES = re.sub(r"/\*.*?\*/", "", CSS.replace(TOKENS, ""), flags=re.DOTALL)
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)a?\(", re.IGNORECASE)
NAMED = re.compile(r"(?:color|background|border|shadow|fill)[\w-]*:[^;]*\b(white|black|red|gray)\b")
PAIR = re.compile(r"--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));")
SCHEMES = ("light", "dark")
TEXT, EDGE = 4.5, 3.0

READ_TOGETHER = [
    *((ink, ground) for ink in ("ink", "ink-soft") for ground in ("paper", "wash", "raised")),
    *(("ink", f"{ground}-wash") for ground in ("good", "warn", "bad", "received", "link")),
    *((ink, ground) for ink in ("link", "link-strong") for ground in ("paper", "wash", "raised")),
    *((ink, "link-wash") for ink in ("link", "link-strong", "ink-soft")),
    *((ink, f"{ink}-wash") for ink in ("good", "bad", "received")),
    *(("bad", ground) for ground in ("paper", "raised", "wash")),
    *(("link", f"{ground}-wash") for ground in ("good", "warn", "bad", "received")),
    *(("warn-ink", "warn-wash"), ("ink", "field"), ("ink-soft", "field"), ("ink", "found")),
    *(("on-navy", "navy"), ("on-navy-soft", "navy"), ("on-action", "count")),
    *(("on-action", f"action{one}") for one in ("", "-strong", "-deep")),
    *(("on-action", "danger"), ("on-action", "danger-strong"), ("on-off", "off")),
]
SEEN_APART = [("field-line", "paper"), ("field-line", "raised"), ("link", "paper")]


def tokens(scheme: str) -> dict[str, str]:
    """Return each color's value in a scheme."""
    found = PAIR.findall(TOKENS)
    return {
        name: both or (light if scheme == "light" else dark) for name, light, dark, both in found
    }


def luminance(color: str) -> float:
    """Return the relative luminance of a color (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return how far two colors are apart (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_no_color_is_written_outside_the_tokens() -> None:
    assert COLOR.findall(RULES) == []
    assert NAMED.findall(RULES) == []
    assert COLOR.findall("a { color: #fff; background: rgb(0 0 0); }") == ["#fff", "rgb("]


def test_every_token_that_is_used_is_named() -> None:
    named = set(re.findall(r"--([\w-]+):", CSS))
    assert set(re.findall(r"var\(--([\w-]+)", CSS)) - named == set()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_read_together_can_be_read(scheme: str) -> None:
    values = tokens(scheme)
    too_close = {
        pair: round(contrast(values[pair[0]], values[pair[1]]), 2)
        for pairs, least in ((READ_TOGETHER, TEXT), (SEEN_APART, EDGE))
        for pair in pairs
        if contrast(values[pair[0]], values[pair[1]]) < least
    }
    assert too_close == {}


def test_contrast_is_measured_as_the_standard_has_it() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
