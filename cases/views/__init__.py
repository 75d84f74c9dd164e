"""Pages of cases and their items."""
