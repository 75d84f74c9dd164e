"""The auditor's question: who saw this case in that time, and why."""
