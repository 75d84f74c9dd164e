"""Addresses of the agency directory and of what people choose for themselves."""

from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import include, path, re_path

from agencies import (
    account_acts,
    clearing_pages,
    hats,
    identity_pages,
    preferences,
    program_pages,
    provisioning_pages,
    scim_views,
    token_pages,
    views,
)
from agencies.agency_sign_in import agency_sign_in
from agencies.saml import saml_addresses

urlpatterns = [
    path("acting-as/", hats.switch_hat, name="switch_hat"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/theme/", preferences.choose_theme, name="choose_theme"),
    path("account/agency/", agency_sign_in, name="agency_sign_in"),
    path("account/agency/<str:provider_id>/answer/", callback, name="openid_connect_callback"),
    *saml_addresses(),
    path("account/tokens/", token_pages.token_list, name="token_list"),
    path("account/tokens/<uuid:pk>/revoke/", token_pages.token_revoke, name="token_revoke"),
    path("directory/", provisioning_pages.provisioning, name="provisioning"),
    path("directory/revoke/", provisioning_pages.provisioning_revoke, name="provisioning_revoke"),
    re_path("^scim/v2/Users/?$", scim_views.users, name="scim_users"),
    re_path("^scim/v2/Users/(?P<pk>[^/]+)/?$", scim_views.user, name="scim_user"),
    re_path(
        "^scim/v2/(?P<what>ServiceProviderConfig|ResourceTypes|Schemas)(?:/(?P<pk>[^/]+))?/?$",
        scim_views.described,
        name="scim_described",
    ),
    re_path("^scim/v2(?:/.*)?$", scim_views.nothing, name="scim"),
    path("programs/", program_pages.program_list, name="program_list"),
    path("programs/new/", program_pages.program_new, name="program_new"),
    path("programs/<uuid:pk>/secret/", program_pages.program_secret, name="program_secret"),
    path(
        "programs/<uuid:pk>/hand-over/", program_pages.program_hand_over, name="program_hand_over"
    ),
    path("programs/<uuid:pk>/revoke/", program_pages.program_revoke, name="program_revoke"),
    path("people/<uuid:pk>/disable/", account_acts.disable, name="person_disable"),
    path("people/<uuid:pk>/enable/", account_acts.enable, name="person_enable"),
    path("people/<uuid:pk>/release/", account_acts.release, name="person_release"),
    path(
        "people/<uuid:pk>/sessions/end/",
        account_acts.end_their_sessions,
        name="person_sessions_end",
    ),
    path("people/<uuid:pk>/factors/", clearing_pages.clear_factors, name="person_factors"),
    path(
        "people/<uuid:pk>/factors/confirm/", clearing_pages.confirm, name="person_factors_confirm"
    ),
    path(
        "people/<uuid:pk>/factors/withdraw/",
        clearing_pages.withdraw,
        name="person_factors_withdraw",
    ),
    path("agencies/", views.agency_list, name="agency_list"),
    path("agencies/<uuid:pk>/", views.agency, name="agency"),
    path("own-sign-in/", identity_pages.own_identity, name="own_identity"),
    path("agencies/<uuid:pk>/sign-in/", identity_pages.agency_identity, name="agency_identity"),
    path("agencies/<uuid:pk>/sign-in/alone/", identity_pages.identity_alone, name="identity_alone"),
    path("sign-ins/<uuid:pk>/try/", identity_pages.identity_try, name="identity_try"),
    path("sign-ins/<uuid:pk>/confirm/", identity_pages.identity_confirm, name="identity_confirm"),
    path("sign-ins/<uuid:pk>/end/", identity_pages.identity_end, name="identity_end"),
    path("", include("agencies.people.urls")),
]
