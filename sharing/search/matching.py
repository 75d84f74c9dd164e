"""What a search matched, in words: said by the layer above, which knows what an identifier is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from agencies.actors import Actor
from agencies.text_direction import isolated
from sharing.normalize import NATIONAL_DIGITS, normalize_name, normalize_phone, squash
from sharing.search.finding import Closeness, Hit
from sharing.search.terms import Terms


@dataclass(frozen=True)
class Known:
    """What identifies a record to one reader: each key with its kind and as it is written."""

    keys: Mapping[str, tuple[str, str]]
    names: tuple[str, ...] = ()


Explainer = Callable[[Actor, Iterable[UUID]], Mapping[UUID, Known]]
_explainers: list[Explainer] = []


def register_explainer(explainer: Explainer) -> None:
    """Have *explainer* tell what identifies records, to a reader, as far as the reader may know."""
    _explainers[:] = [explainer]


def matched(actor: Actor, hits: Iterable[Hit], terms: Terms) -> dict[UUID, str]:
    """Return a sentence for each of *hits* found by an identifier or a name; none for words."""
    telling = [hit for hit in hits if hit.closeness is not Closeness.WORDS]
    wanted = [hit.id for hit in telling]
    known = {key: one for explain in _explainers for key, one in explain(actor, wanted).items()}
    said = {hit.id: _said(hit, known[hit.id], terms) for hit in telling if hit.id in known}
    return {key: sentence for key, sentence in said.items() if sentence}


def _said(hit: Hit, known: Known, terms: Terms) -> str:
    if hit.closeness > Closeness.KEY:
        return _by_name(hit, known, terms)
    for key in hit.keys:
        if key in known.keys:
            what, written = known.keys[key]
            return _by_key(what, written, terms.keys.get(key, written))
    return ""


def _by_key(what: str, written: str, typed: str) -> str:
    """Return which identifier it was, and how what was typed differs from it."""
    if typed == written:
        return f"Matched the {what} {written}"
    digits = normalize_phone(typed)
    is_phone = len(digits) >= NATIONAL_DIGITS and digits == normalize_phone(written)
    if is_phone or squash(typed) == squash(written):
        return f"Matched the {what} {typed} as {written}"
    return f"Matched the {what} {typed}, read as {written}"


def _by_name(hit: Hit, known: Known, terms: Terms) -> str:
    """Return the name that is most like what was typed."""
    typed = " ".join(word for word in terms.words if word not in terms.dates)
    closest = max(known.names, key=lambda name: _likeness(name, typed), default="")
    if not closest:
        return ""
    born = " and the date" if terms.dates else ""
    if hit.closeness is Closeness.NAME:
        return f"Matched the name {isolated(closest)}{born}"
    return f"Matched the name {isolated(closest)}{born}, spelled like {isolated(typed.title())}"


def _likeness(name: str, typed: str) -> float:
    return SequenceMatcher(None, normalize_name(name), typed.upper()).ratio()
