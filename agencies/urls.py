"""Addresses of the agency directory and of the choice of post."""

from django.urls import path

from agencies import hats, views

urlpatterns = [
    path("acting-as/", hats.switch_hat, name="switch_hat"),
    path("agencies/", views.agency_list, name="agency_list"),
    path("agencies/<uuid:pk>/", views.agency, name="agency"),
]
