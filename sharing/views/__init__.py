"""Pages of the main job: requests, decisions, access, notifications, search, the audit log."""
