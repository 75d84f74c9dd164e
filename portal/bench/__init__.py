"""The benchmark: a world of its own, what we do in it, and what others do beside it in one run."""
