"""What is done to cases and their items; each is one transaction with its history."""

from cases.services.adding import add_item
from cases.services.amending import amend_case
from cases.services.changing import amend_item
from cases.services.opening import open_case
from cases.services.printing import print_case

__all__ = ["add_item", "amend_case", "amend_item", "open_case", "print_case"]
