"""The demonstration: pick a persona and be signed in.  Cannot be loaded outside demo mode."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if not settings.DEMO:
    raise ImproperlyConfigured("portal.demo signs anyone in as anyone; it loads in demo mode only.")
