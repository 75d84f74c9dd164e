"""The calls, by noun."""
