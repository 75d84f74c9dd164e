"""Every part of the stylesheet on one page, for whoever works on it.  Debug mode alone loads it."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if not settings.DEBUG:
    raise ImproperlyConfigured("portal.components shows the parts of pages in debug mode only.")
