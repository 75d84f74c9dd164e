"""Addresses of signing in and out: those of allauth that are needed, and no others.

The address book of allauth is left out: an e-mail address is given by the agency.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.urls import path, re_path

from agencies import account_views, clearing_pages, revouching, session_views
from agencies.reauthentication import recently_authenticated

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("lock/", session_views.lock_now, name="account_lock"),
    path("locked/", session_views.locked, name="account_locked"),
    path("unlocked/", session_views.unlocked, name="account_unlocked"),
    path("session/", session_views.how_it_stands, name="account_session"),
    path("session/active/", session_views.still_here, name="account_session_active"),
    path("sessions/", session_views.sessions, name="account_sessions"),
    path("sessions/end-others/", session_views.end_others, name="account_sessions_end_others"),
    path("sessions/<uuid:pk>/end/", session_views.end_one, name="account_session_end"),
    path("signup/", views.signup, name="account_signup"),
    path("second-step/", account_views.SecondStep.as_view(), name="mfa_authenticate"),
    path("passkey/", account_views.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/agency/", revouching.confirm_at_agency, name="account_confirm_at_agency"),
    path("reauthenticate/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        account_views.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/", account_views.security, name="mfa_index"),
    path("clearing/stop/", clearing_pages.stop, name="account_clearing_stop"),
    *(
        path(address, recently_authenticated(view), name=name)
        for address, view, name in (
            ("app/add/", account_views.AddApp.as_view(), "mfa_activate_totp"),
            ("app/remove/", account_views.RemoveApp.as_view(), "mfa_deactivate_totp"),
            ("passkeys/add/", account_views.AddPasskey.as_view(), "mfa_add_webauthn"),
            (
                "passkeys/<int:pk>/name/",
                account_views.RenamePasskey.as_view(),
                "mfa_edit_webauthn",
            ),
            (
                "passkeys/<int:pk>/remove/",
                account_views.RemovePasskey.as_view(),
                "mfa_remove_webauthn",
            ),
            ("recovery-codes/", view_recovery_codes, "mfa_view_recovery_codes"),
            (
                "recovery-codes/renew/",
                account_views.RenewCodes.as_view(),
                "mfa_generate_recovery_codes",
            ),
        )
    ),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
