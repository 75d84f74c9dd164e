"""Addresses of onboarding: the public form, the administrators' pages, the coordinators'."""

from django.urls import path

from agencies.administration import administration
from agencies.onboarding import applying, pages, yearly

urlpatterns = [
    path("administration/", administration, name="administration"),
    path("apply/", applying.apply, name="apply"),
    path("apply/agencies/", applying.look_up, name="apply_look_up"),
    path("apply/sent/", applying.apply_sent, name="apply_sent"),
    path("apply/by/<str:token>/", applying.application, name="application"),
    path("apply/by/<str:token>/confirm/", applying.confirm, name="application_confirm"),
    path("apply/by/<str:token>/people/", applying.contact, name="application_contact"),
    path("apply/by/<str:token>/answers/<slug:topic>/", applying.answer, name="application_answer"),
    path("onboarding/", pages.onboarding_list, name="onboarding_list"),
    path("onboarding/applications/<uuid:pk>/", pages.application_page, name="application_page"),
    path("onboarding/applications/<uuid:pk>/take-up/", pages.take_up, name="application_take_up"),
    path("onboarding/applications/<uuid:pk>/decline/", pages.decline, name="application_decline"),
    path("onboarding/evidence/<uuid:pk>/", yearly.evidence, name="evidence"),
    path("onboarding/<uuid:pk>/", pages.onboarding, name="onboarding"),
    path("onboarding/<uuid:pk>/<slug:name>/", pages.act, name="onboarding_act"),
    path("compliance/", yearly.compliance, name="compliance"),
    path("compliance/year/", yearly.open_year, name="compliance_year"),
    path("compliance/answers/<slug:topic>/", yearly.answer, name="compliance_answer"),
    path("compliance/for/<uuid:pk>/", yearly.compliance_for, name="compliance_for"),
    path(
        "compliance/for/<uuid:pk>/answers/<slug:topic>/",
        yearly.answer_for,
        name="compliance_for_answer",
    ),
    path("arrangements/<uuid:pk>/<slug:name>/", yearly.arrangement, name="arrangement"),
]
