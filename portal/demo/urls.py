"""Addresses of the demonstration."""

from django.urls import path

from portal.demo import views

urlpatterns = [
    path("", views.personas, name="personas"),
    path("enter/", views.enter, name="enter_persona"),
    path("about/", views.about_demo, name="about_demo"),
]
