"""The database by its two roles, the application's and the owner's, and what the first may do."""

from __future__ import annotations

from typing import Any

from environs import Env

__all__ = [
    "DATABASES",
    "DATABASE_URL",
    "DEFAULT_AUTO_FIELD",
    "INSERT_ONLY_TABLES",
    "READ_ONLY_TABLES",
]

env = Env()

DATABASE_URL: str = env.str("DATABASE_URL", "postgres:///liaison")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.dj_db_url(
        "DATABASE_URL", DATABASE_URL, conn_max_age=60, conn_health_checks=True
    ),
    "owner": env.dj_db_url("DATABASE_OWNER_URL", DATABASE_URL),
}
for _database in DATABASES.values():
    _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # Statements are short and many: none is worth compiling, and prepared ones keep their plan.
    # What is asked often is in memory or on a disk that does not seek: an index costs little more.
    _database["OPTIONS"].setdefault(
        "options", "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSERT_ONLY_TABLES = ["ledger_event", "ledger_seal"]
READ_ONLY_TABLES = [
    "guardian_userobjectpermission",
    "guardian_groupobjectpermission",
    "agencies_person_user_permissions",
    "agencies_person_groups",
    "auth_group_permissions",
]
