"""Every address of the portal."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from agencies.admin import site
from agencies.program_grants import ProgramTokenView
from portal import about, confirmation, guide, health, metrics, views
from portal.api.views.open import NoSuchAddress

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("portal.api.urls")),
    path("api/v1", NoSuchAddress.as_view()),
    path("account/", include("agencies.account_urls")),
    re_path("^oauth/token/?$", ProgramTokenView.as_view(), name="program_token"),
    path("admin/", site.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics.metrics),
    path("about/", about.about, name="about"),
    path("", views.home, name="home"),
    path("confirmed/<slug:key>/", confirmation.held_form, name="held_form"),
    path("queues/<slug:key>/", views.queue, name="queue"),
    path("help/shortcuts/", guide.shortcuts, name="shortcuts"),
    path("help/terms/", guide.terms, name="terms"),
    path("", include("agencies.urls")),
    path("", include("agencies.onboarding.urls")),
    path("", include("sharing.urls")),
    path("", include("cases.urls")),
]
handler403 = "portal.refusals.forbidden"
handler404 = "portal.refusals.not_found"
handler500 = "portal.refusals.broken"

if settings.DEBUG:
    urlpatterns.append(path("components/", include("portal.components.urls")))

if settings.DEMO:
    urlpatterns.append(path("demo/", include("portal.demo.urls")))
