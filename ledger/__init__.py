"""What happened, and who must still be told."""
