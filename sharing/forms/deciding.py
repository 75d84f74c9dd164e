"""Deciding a request, and talking about it first."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.forms import TEXT, CodeField, UntilField
from sharing.forms.terms import GRANTABLE, ItemsForm, LevelField


class ApproveForm(ItemsForm):
    """What a supervisor changes of a request before releasing."""

    level = LevelField("levels", only=GRANTABLE, label="How much", required=False)
    until = UntilField(label="Until", required=False)
    unmask = forms.BooleanField(label="Give the names of protected people", required=False)
    export = forms.BooleanField(label="They may export it", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    record = forms.UUIDField(required=False, widget=forms.HiddenInput)
    field_order = (
        *("level", "until", "which", "items", "later", "unmask", "export"),
        *("version", "record"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "approve_%s", **options})

    def release(self) -> dict[str, Any]:
        """Return the terms as the service takes them."""
        names = ("level", "until", "later", "unmask", "export", "version", "record")
        return {name: self.cleaned_data[name] for name in names} | {"items": self.chosen()}


class VersionForm(forms.Form):
    """A decision as it stands, on the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AsAskedForm(VersionForm):
    """An approval as asked, of the record that was shown."""

    record = forms.UUIDField(required=False, widget=forms.HiddenInput)


class DenyForm(VersionForm):
    """Why not: a coded reason, and words where they help."""

    reason_code = CodeField("denial_reasons", explained=True, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Add words",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    own_note = forms.CharField(
        label="Note for our agency only",
        help_text="Your own release authority reads it, nobody else.",
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("reason_code", "text", "own_note", "version")

    def __init__(self, *args: Any, codes: list[str], **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "deny_%s", **options})
        self.fields["reason_code"] = CodeField(
            "denial_reasons",
            only=codes,
            explained=True,
            label="Reason",
            widget=forms.RadioSelect,
            initial=codes[0] if len(codes) == 1 else None,
        )


class TextForm(forms.Form):
    """A question or an answer."""

    text = forms.CharField(label="Text", max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(forms.Form):
    """The case that an ask by number or description is about, found by the desk."""

    number = forms.CharField(label="Case number, ours or your own", max_length=80)
