"""Input that says nothing the portal would silently ignore."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from agencies.codes import Coded
from agencies.codetable import code_table, is_code
from portal.api.parsing import keepable


class Fields(serializers.Serializer[Any]):
    """Fields, among them those whose names Python keeps for itself: ``also``, by name."""

    also: ClassVar[Mapping[str, Any]] = {}

    def get_fields(self) -> dict[str, Any]:
        """Return every field by its name."""
        return {**super().get_fields(), **{name: deepcopy(one) for name, one in self.also.items()}}


class Strict(Fields):
    """Fields of which every one that comes is known; an unknown one is an error of its own."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values; ValidationError naming every unknown and every wrong field."""
        names = data if isinstance(data, Mapping) else ()
        unknown = {name: ["This is not known here."] for name in names if name not in self.fields}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            wrong = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
            raise ValidationError({**wrong, **unknown}) from None
        if unknown:
            raise ValidationError(unknown)
        return values


class Nothing(Strict):
    """No field at all."""


class Code(serializers.CharField):
    """A code of one of the code tables, valid today."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        self.table = table
        super().__init__(max_length=80, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the code; ValidationError where the table has no such code."""
        value = super().to_internal_value(data)
        if value and not is_code(self.table, value):
            raise ValidationError(f"This is not a code of {self.table}.")
        return value

    @property
    def codes(self) -> list[str]:
        """Return the codes of the table, for the description of the interface."""
        return [value["code"] for value in code_table(self.table)["values"]]


class ScaleCode(serializers.ChoiceField):
    """A value of an ordered scale, named by its code and kept as a number."""

    def __init__(
        self, scale: type[Coded], *, without: tuple[Coded, ...] = (), **kwargs: Any
    ) -> None:
        self.scale = scale
        super().__init__([one.code for one in scale if one not in without], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return the value that the code names."""
        code = super().to_internal_value(data)
        return self.scale.from_code(code)


class AllOrIds(serializers.ListField):
    """``"all"`` (None) or a list of ids."""

    child = serializers.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Return None for all, else the ids, each once."""
        if data == "all":
            return None
        return list(dict.fromkeys(super().to_internal_value(data)))

    def run_validators(self, value: Any) -> None:
        """Bound the length of a list; all has none."""
        if value is not None:
            super().run_validators(value)


def plain_query(query: QueryDict) -> dict[str, str]:
    """Return the parameters of an address; ValidationError where one is given twice."""
    twice = {name: ["This is given twice."] for name, values in query.lists() if len(values) > 1}
    if twice:
        raise ValidationError(twice)
    return {name: str(query[name]) for name in query}


def checked(fields: type[Strict], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what *data* says in the terms of *fields*; ValidationError where it does not."""
    form = fields(data=data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


class Recipient(serializers.Field[Any, Any, Any, Any]):
    """Whoever is to receive: a short name, an e-mail, or an object that says which."""

    NAMES: ClassVar = {"kind", "id", "short_name", "email", "agency"}

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Return what was said of them; ValidationError where it is no such thing."""
        said = {"name": data} if isinstance(data, str) else data
        known = isinstance(said, dict) and (set(said) <= self.NAMES or said.keys() == {"name"})
        if not known or not said or not all(_short(value) for value in said.values()):
            raise ValidationError("Give a short name, an e-mail, or an object of kind and id.")
        return said

    def to_representation(self, value: Any) -> Any:
        """Return it as it is."""
        return value


def _short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 254 and keepable(value)
