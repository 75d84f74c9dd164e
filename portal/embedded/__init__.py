"""PostgreSQL and Valkey, started by the portal itself where it was given none."""
