"""What is known: every model is a record or a part of one."""

from cases.models.case import Case
from cases.models.item import Item

__all__ = ["Case", "Item"]
