"""Addresses of the agency directory and of what people choose for themselves."""

from django.urls import path

from agencies import hats, preferences, views

urlpatterns = [
    path("acting-as/", hats.switch_hat, name="switch_hat"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/theme/", preferences.choose_theme, name="choose_theme"),
    path("agencies/", views.agency_list, name="agency_list"),
    path("agencies/<uuid:pk>/", views.agency, name="agency"),
]
