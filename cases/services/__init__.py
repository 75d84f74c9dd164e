"""What is done to cases and their items; each is one transaction with its history."""

from cases.services.adding import add_item
from cases.services.amending import amend_case
from cases.services.changing import amend_item
from cases.services.import_batches import make_import, stage_import, undo_import
from cases.services.opening import open_case
from cases.services.printing import print_case
from cases.services.saved_views import change_view, remove_view, save_view
from cases.services.series import add_to_series, make_series, take_out_of_series
from cases.services.stopping import stop_sharing

__all__ = [
    "add_item",
    "add_to_series",
    "amend_case",
    "amend_item",
    "change_view",
    "make_import",
    "make_series",
    "open_case",
    "print_case",
    "remove_view",
    "save_view",
    "stage_import",
    "stop_sharing",
    "take_out_of_series",
    "undo_import",
]
