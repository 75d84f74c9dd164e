"""What is known: every model is a record or a part of one."""
