"""Every address of the portal."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from agencies.admin import site
from portal.api.views.open import NoSuchAddress

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("portal.api.urls")),
    path("api/v1", NoSuchAddress.as_view()),
    path("account/", include("agencies.account_urls")),
    path("admin/", site.urls),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("portal.demo.urls")))
