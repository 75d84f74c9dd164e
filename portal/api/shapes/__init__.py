"""What the interface shows of each noun, and how it is described."""
