"""The interface for programs, closed until a view says who may."""

from __future__ import annotations

from typing import Any

from environs import Env

__all__ = ["API_REQUESTS_PER_MINUTE", "REST_FRAMEWORK", "SPECTACULAR_SETTINGS"]

env = Env()

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Description",
    "EXCEPTION_HANDLER": "portal.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Liaison",
    "VERSION": "1",
    "DESCRIPTION": "Case files shared record by record. Code values are those of `codes/NAME`.",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["portal.api.schema.of_the_interface"],
    "POSTPROCESSING_HOOKS": ["portal.api.schema.closed_objects"],
}
API_REQUESTS_PER_MINUTE: int = env.int("API_REQUESTS_PER_MINUTE", 6000)
