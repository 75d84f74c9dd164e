"""Addresses of cases and items."""

from django.urls import path

from cases.views import (
    as_they_see,
    briefing,
    contributions,
    editing,
    exports,
    lists,
    mistakes,
    pages,
    saved_views,
    series,
    share,
    telling,
)

urlpatterns = [
    path("cases/", lists.case_list, name="case_list"),
    path("cases/new/", editing.case_new, name="case_new"),
    path("cases/export/", exports.case_export, name="case_export"),
    path("cases/views/", saved_views.view_list, name="view_list"),
    path("cases/views/<uuid:pk>/", saved_views.view_change, name="view_change"),
    path("cases/views/<uuid:pk>/remove/", saved_views.view_remove, name="view_remove"),
    path("cases/series/new/", series.series_new, name="series_new"),
    path("cases/<uuid:pk>/series/remove/", series.series_remove, name="series_remove"),
    path("cases/<uuid:pk>/", pages.case, name="case"),
    path("cases/<uuid:pk>/edit/", editing.case_edit, name="case_edit"),
    path("cases/<uuid:pk>/share/", share.case_share, name="case_share"),
    path("cases/<uuid:pk>/share/panel/", share.case_share_panel, name="case_share_panel"),
    path("cases/<uuid:pk>/share/seen/", as_they_see.case_share_seen, name="case_share_seen"),
    path("cases/<uuid:pk>/told/", telling.case_told, name="case_told"),
    path("records/<uuid:pk>/mistake/", mistakes.record_mistake, name="record_mistake"),
    path("cases/<uuid:pk>/seen/<uuid:grant_id>/", as_they_see.case_seen, name="case_seen"),
    path("cases/<uuid:pk>/items/", pages.case_items, name="case_items"),
    path("cases/<uuid:pk>/items/new/", editing.item_new, name="item_new"),
    path("cases/<uuid:pk>/sharing/", pages.case_sharing, name="case_sharing"),
    path("cases/<uuid:pk>/history/", pages.case_history, name="case_history"),
    path("cases/<uuid:pk>/briefing/", briefing.case_briefing, name="case_briefing"),
    path("contributions/", contributions.contribution_list, name="contribution_list"),
    path("items/<uuid:pk>/edit/", editing.item_edit, name="item_edit"),
]
