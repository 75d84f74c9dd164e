"""Addresses of requests, access, notifications, search and the audit log."""

from django.urls import path

from sharing.views import (
    audit,
    calls,
    decisions,
    finding,
    grants,
    ledger,
    notifications,
    recalls,
    recipients,
    requests,
    standing,
    together,
)

urlpatterns = [
    path("requests/", requests.request_list, name="request_list"),
    path("requests/ask/", requests.request_ask, name="request_ask"),
    path("requests/together/", together.requests_together, name="requests_together"),
    path("requests/standing/", standing.standing_list, name="standing_list"),
    path("requests/standing/new/", standing.standing_new, name="standing_new"),
    path("requests/<uuid:pk>/", requests.share_request, name="request"),
    path("requests/<uuid:pk>/approve/", decisions.request_approve, name="request_approve"),
    path("requests/<uuid:pk>/undo/", decisions.request_undo, name="request_undo"),
    path("requests/<uuid:pk>/deny/", decisions.request_deny, name="request_deny"),
    path("requests/<uuid:pk>/question/", decisions.request_question, name="request_question"),
    path("requests/<uuid:pk>/answer/", decisions.request_answer, name="request_answer"),
    path("requests/<uuid:pk>/withdraw/", decisions.request_withdraw, name="request_withdraw"),
    path("requests/<uuid:pk>/attach/", decisions.request_attach, name="request_attach"),
    path("calls/new/", calls.call_new, name="call_new"),
    path("calls/check/", calls.call_check, name="call_check"),
    path("records/<uuid:pk>/ask/", requests.record_ask, name="record_ask"),
    path("r/<slug:number>/", requests.mail_link, name="mail_link"),
    path("grants/<uuid:pk>/revoke/", grants.grant_revoke, name="grant_revoke"),
    path("grants/<uuid:pk>/narrow/", grants.grant_narrow, name="grant_narrow"),
    path("grants/<uuid:pk>/acknowledge/", grants.grant_acknowledge, name="grant_acknowledge"),
    path("grants/<uuid:pk>/release/", grants.grant_release, name="grant_release"),
    path("grants/<uuid:pk>/renew/", grants.grant_renew, name="grant_renew"),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path(
        "notifications/settings/", notifications.notification_settings, name="notification_settings"
    ),
    path("notifications/mute/<uuid:pk>/", notifications.case_mute, name="case_mute"),
    path("notifications/unmute/<uuid:pk>/", notifications.case_unmute, name="case_unmute"),
    path(
        "notifications/<uuid:pk>/read/", notifications.notification_read, name="notification_read"
    ),
    path("recalls/", recalls.recall_list, name="recall_list"),
    path("recalls/<uuid:pk>/", recalls.recall, name="recall"),
    path("recalls/<uuid:pk>/send/", recalls.recall_send, name="recall_send"),
    path("recalls/<uuid:pk>/incident/", recalls.recall_incident, name="recall_incident"),
    path("receipts/<uuid:pk>/answer/", recalls.receipt_answer, name="receipt_answer"),
    path("incidents/", recalls.incident_list, name="incident_list"),
    path("incidents/<uuid:pk>/", recalls.incident, name="incident"),
    path("recipients/", recipients.recipient_list, name="recipient_list"),
    path("search/", finding.search_page, name="search"),
    path("search/suggest/", finding.search_suggest, name="search_suggest"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/who/", audit.audit, name="audit"),
    path("ledger/who/file/", audit.audit_file, name="audit_file"),
]
