"""Figures for Prometheus: how many answers of which kind, and how long they took.

Routes, never paths: an address holds the id of a record.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as text_of
from prometheus_client.multiprocess import MultiProcessCollector

REGISTRY = CollectorRegistry()
ANSWERS = Counter(
    "liaison_answers_total", "Answers by route", ["route", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram("liaison_answer_seconds", "Seconds by route", ["route"], registry=REGISTRY)
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})

Answer = Callable[[HttpRequest], HttpResponse]


def measure_answers(get_response: Answer) -> Answer:
    """Count and time every answer."""

    def measured(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        route = (match.route if match else "") or "none"
        method = request.method if request.method in METHODS else "other"
        ANSWERS.labels(route, method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - began)
        return response

    return measured


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures to whoever holds METRICS_TOKEN; where it is unset, to nobody."""
    given = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, expected):
        raise Http404
    return HttpResponse(text_of(all_processes()), content_type=CONTENT_TYPE_LATEST)


def all_processes() -> CollectorRegistry:
    """Return the figures of every web process where they share a folder, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
