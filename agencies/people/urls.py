"""Addresses of an agency's people."""

from django.urls import path

from agencies.people import (
    accepting,
    addresses,
    handing,
    needs,
    nominating,
    pages,
    posting,
    reviewing,
)

urlpatterns = [
    path("people/", pages.person_list, name="person_list"),
    path("people/credentials/", needs.credential_needs, name="credential_needs"),
    path("people/credentials/require/", needs.credential_require, name="credential_require"),
    path("people/credentials/<uuid:pk>/", needs.credential_need, name="credential_need"),
    path("people/credentials/<uuid:pk>/waive/", needs.credential_waive, name="credential_waive"),
    path("people/<uuid:pk>/", pages.person, name="person"),
    path("people/<uuid:pk>/wake/", posting.person_wake, name="person_wake"),
    path("people/<uuid:pk>/address/", posting.person_address, name="person_address"),
    path("people/<uuid:pk>/credentials/new/", posting.credential_new, name="credential_new"),
    path("credentials/<uuid:pk>/revoke/", posting.credential_revoke, name="credential_revoke"),
    path("posts/<uuid:pk>/change/", posting.post_change, name="post_change"),
    path("posts/<uuid:pk>/end/", posting.post_end, name="post_end"),
    path("posts/<uuid:pk>/handover/", handing.handover, name="handover"),
    path("people/nominations/", nominating.nomination_list, name="nomination_list"),
    path("people/nominations/new/", nominating.nomination_new, name="nomination_new"),
    path("people/nominations/<uuid:pk>/", nominating.nomination, name="nomination"),
    path(
        "people/nominations/<uuid:pk>/<slug:act>/",
        nominating.nomination_act,
        name="nomination_act",
    ),
    path("people/auditors/new/", nominating.auditor_new, name="auditor_new"),
    path("people/invitation/<str:token>/", accepting.nomination_link, name="nomination_link"),
    path("people/address/<str:token>/", addresses.address_link, name="address_link"),
    path("people/reviews/", reviewing.review_list, name="review_list"),
    path("people/reviews/begin/", reviewing.review_begin, name="review_begin"),
    path("people/reviews/<uuid:pk>/", reviewing.review, name="review"),
    path("people/reviews/<uuid:pk>/close/", reviewing.review_close, name="review_close"),
    path("people/reviews/<uuid:pk>/file/", reviewing.review_file, name="review_file"),
]
