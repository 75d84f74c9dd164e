"""Forms of cases: what one says, and what lists are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.codes import Sensitivity
from agencies.codetable import code_table, label
from agencies.forms import LINE, CodeField, DayInput, values_of
from cases.defaults import HANDLING, default_category, default_findability, findability_with
from cases.merging import changed_names
from cases.statuses import STEPS
from cases.wording import NARRATIVE, TITLE

USUAL = "As usual for its type"
SEVERAL = "Several are separated by semicolons"


class CaseForm(forms.Form):
    """What opening a case asks: six fields; the rest follows from its type and can be changed."""

    title = forms.CharField(label="Title", max_length=TITLE)
    type = CodeField("case_types", any_label="Choose", label="Type")
    own_number = forms.CharField(
        label="Your own number",
        max_length=80,
        required=False,
        help_text="Liaison gives it one of its own as well.",
    )
    summary = forms.CharField(
        label="Summary",
        max_length=NARRATIVE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Shown to whoever gets it in full. Name protected people in items, not here.",
    )
    findability = CodeField(
        "findabilities",
        any_label=USUAL,
        explained=True,
        label="Who can find this?",
        required=False,
        widget=forms.RadioSelect,
    )
    protected = forms.ChoiceField(
        label="Anyone protected in it?",
        required=False,
        widget=forms.RadioSelect,
        initial="",
        choices=[
            ("", "Nobody known yet"),
            ("someone", "A victim, witness, juvenile or address to keep safe"),
            ("source", "An informant or an undercover officer"),
        ],
        help_text="Their names go into items, where other agencies see “Victim 1”.",
    )
    grouping = CodeField("case_classes", label="Class", initial="investigation", required=False)
    category = CodeField("categories", any_label=USUAL, label="Data category", required=False)
    sensitivity = forms.ChoiceField(
        label="How closely held",
        required=False,
        choices=[("", "As usual"), *((one.code, one.label) for one in Sensitivity)],
    )
    opened_on = forms.CharField(
        label="Opened on", required=False, widget=DayInput(), help_text="Left empty, today."
    )

    def opening(self) -> dict[str, Any]:
        """Return what was said; what was left open is derived."""
        said = {name: value for name, value in self.cleaned_data.items() if value != ""}
        protected = said.pop("protected", "")
        said.setdefault("summary", "")
        said.setdefault("own_number", "")
        if protected and "findability" not in said:
            said["findability"] = findability_with(protected, self._usual()["findability"])
        return said

    @property
    def names_protected(self) -> bool:
        """Return whether somebody protected is still to be added as an item."""
        return bool(self.cleaned_data.get("protected"))

    def derived(self) -> list[tuple[str, str]]:
        """Return in words what follows from the type and the answers; nothing without a type."""
        values = values_of(self) if self.is_bound else {}
        if "type" not in values:
            return []
        usual = self._usual()
        found = values.get("findability") or findability_with(
            values.get("protected", ""), usual["findability"]
        )
        return [
            ("Who can find this", label("findabilities", found)),
            ("Class", label("case_classes", values.get("grouping", "investigation"))),
            ("Data category", label("categories", values.get("category", usual["category"]))),
            ("How closely held", label("sensitivities", values.get("sensitivity", "sensitive"))),
            ("Handling", ", ".join(label("handling", mark) for mark in HANDLING)),
        ]

    def _usual(self) -> dict[str, str]:
        """Return what a case of this type and class is when nobody says."""
        values = self.cleaned_data
        kind = {"type": values["type"], "grouping": values.get("grouping") or "investigation"}
        category = values.get("category") or default_category(**kind)
        return {
            "category": category,
            "findability": default_findability(**kind, category=category),
        }


class CaseEditForm(CaseForm):
    """A new version of a case."""

    protected = None  # type: ignore[assignment]  # people are protected in items by now
    status = CodeField("case_statuses", label="Status")
    disposition = CodeField("dispositions", any_label="—", label="Disposition", required=False)
    handling = forms.MultipleChoiceField(
        label="Handling", required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("title", "status", "type", "own_number", "summary")

    def __init__(self, *args: Any, status: str, **options: Any) -> None:
        super().__init__(*args, **options)
        reached = [status, *(step.target for step in STEPS if step.source == status)]
        choices = [(code, label("case_statuses", code)) for code in dict.fromkeys(reached)]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        for name in ("findability", "sensitivity", "grouping", "category"):
            field = self.fields[name]
            field.choices = [one for one in field.choices if one[0]]  # type: ignore[attr-defined]
        self.fields["handling"].choices = _marks(self.initial["handling"])  # type: ignore[attr-defined]
        self.fields["handling.others"] = forms.CharField(
            label="Handling: other marks", required=False, max_length=400, help_text=SEVERAL
        )
        self.fields["opened_on"].help_text = ""

    def changes(self) -> dict[str, Any]:
        """Return what differs from what is saved, as the service takes it."""
        changed = changed_names(self)
        values = self.cleaned_data
        said = {name: values[name] for name in changed if not name.startswith("handling")}
        if changed & {"handling", "handling.others"}:
            others = [part.strip() for part in values["handling.others"].split(";")]
            said["handling"] = [*values["handling"], *filter(None, others)]
        return said


def handling_of(marks: list[str]) -> dict[str, Any]:
    """Return how the form of a case starts with these marks: those of the table, and others."""
    known = {one["code"] for one in code_table("handling")["values"]}
    return {
        "handling": [mark for mark in marks if mark in known],
        "handling.others": "; ".join(mark for mark in marks if mark not in known),
    }


def _marks(held: list[str]) -> list[tuple[str, str]]:
    """Return the marks that are offered, and those that a case holds already."""
    marks = code_table("handling")["values"]
    return [(one["code"], one["label"]) for one in marks if one["offer"] or one["code"] in held]


class CaseFilterForm(forms.Form):
    """What the list of cases is narrowed by, as its address carries it."""

    q = forms.CharField(label="Words or number", max_length=LINE, required=False)
    status = CodeField("case_statuses", any_label="Any", label="Status", required=False)
    type = CodeField("case_types", any_label="Any", label="Type", required=False)
    received = forms.ChoiceField(
        label="Whose",
        required=False,
        choices=[("", "All"), ("false", "Our own"), ("true", "Shared with us")],
    )
    owner = forms.UUIDField(required=False, widget=forms.HiddenInput)
    cursor = forms.CharField(max_length=LINE, required=False, widget=forms.HiddenInput)


# ``class`` is the address's own word for the grouping, and no name in Python.
CaseFilterForm.base_fields["class"] = CodeField(
    "case_classes", any_label="Any", label="Class", required=False
)
