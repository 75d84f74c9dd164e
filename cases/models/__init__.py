"""What is known: every model is a record or a part of one, or stands beside them."""

from cases.models.case import Case
from cases.models.import_batch import ImportBatch
from cases.models.item import Item
from cases.models.saved_view import SavedView
from cases.models.series import SeriesMember

__all__ = ["Case", "ImportBatch", "Item", "SavedView", "SeriesMember"]
