"""Commands about agencies and people."""
