"""History: written once, told once, proved."""
