"""The address of the parts."""

from django.urls import path

from portal.components import views

urlpatterns = [path("", views.parts, name="components")]
