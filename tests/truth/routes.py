"""Every address of the portal, and what stands for it: a reader of the table, a service, a reason.

An address that shows records names the readers that read it as everyone; one that changes things
names the service, which asks the rule for itself; one that does neither says why it may.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """What an address does; ``shows`` names readers of the table, ``changes`` services by path."""

    shows: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    declared: str = ""


def shows(*readers: str) -> Route:
    return Route(shows=readers)


def changes(*services: str, showing: tuple[str, ...] = ()) -> Route:
    return Route(shows=showing, changes=services)


def declared(reason: str) -> Route:
    return Route(declared=reason)


SHARING = "sharing.services"
NO_RECORD = "agencies, people and agreements, which everyone on board may know of; no record"
HOW_ONE_SIGNS_IN = "how whoever asks signs in themselves; no record"
PEOPLE = "people and their posts, for whoever runs them; no record"
SIGN_IN = "signing in and out; whoever asks is not known yet"
ONBOARDING = "agencies and who speaks for them, for portal administrators; no record"
APPLYING = "how an agency applies and how far that is; nothing of who is on board, no record"
AGENCIES = "agencies.services"
ADMINISTRATION = "for portal administrators, who see no records; no record has a page there"
DIRECTORY = "an agency's people, to the key of its own directory; no record"

INTERFACE: dict[str, Route] = {
    "GET me": declared("the person who asks, and nobody else"),
    "GET codes/{name}": declared("code tables, the same for everybody"),
    "GET cases": shows(
        *("api: list of cases", "api: list of cases narrowed to words", "api: pages of cases")
    ),
    "POST cases": changes("cases.services.open_case"),
    "GET cases/{id}": shows("api: case"),
    "PATCH cases/{id}": changes("cases.services.amend_case"),
    "GET cases/{id}/items": shows("api: items of a case"),
    "POST cases/{id}/items": changes("cases.services.add_item"),
    "GET items/{id}": shows("api: item"),
    "PATCH items/{id}": changes("cases.services.amend_item"),
    "GET records/{id}/access": shows("api: access explanation"),
    "GET share-requests": shows("api: share-requests"),
    "POST share-requests": changes(
        f"{SHARING}.ask_for_record",
        f"{SHARING}.ask_by_number",
        f"{SHARING}.offer_record",
        f"{SHARING}.offer_standing",
    ),
    "GET share-requests/{id}": shows("api: share-request"),
    "POST share-requests/{id}/approve": changes(f"{SHARING}.approve_request"),
    "POST share-requests/{id}/deny": changes(f"{SHARING}.deny_request"),
    "POST share-requests/{id}/withdraw": changes(f"{SHARING}.withdraw_request"),
    "POST share-requests/{id}/question": changes(f"{SHARING}.ask_question"),
    "POST share-requests/{id}/answer": changes(f"{SHARING}.answer_question"),
    "POST share-requests/{id}/attach": changes(f"{SHARING}.attach_record"),
    "GET grants": shows("api: grants"),
    "GET grants/{id}": shows("api: grant"),
    "POST grants/{id}/revoke": changes(f"{SHARING}.revoke_grant"),
    "POST grants/{id}/acknowledge": changes(f"{SHARING}.acknowledge_grant"),
    "POST grants/{id}/narrow": changes(f"{SHARING}.narrow_grant"),
    "POST grants/{id}/renew": changes(f"{SHARING}.renew_grant"),
    "GET agencies": declared(NO_RECORD),
    "GET agencies/{id}": declared(NO_RECORD),
    **{
        f"POST agencies/{{id}}/{act}": changes(f"{AGENCIES}.{service}")
        for act, service in {
            "tier": "assign_tier",
            "limit": "limit_agency",
            "suspend": "suspend_agency",
            "reinstate": "reinstate_agency",
            "close": "close_agency",
        }.items()
    },
    "GET people": declared(PEOPLE),
    "GET people/{id}": declared(PEOPLE),
    "POST people/{id}/disable": changes(f"{AGENCIES}.disable_person"),
    "POST people/{id}/enable": changes(
        f"{AGENCIES}.propose_enabling", f"{AGENCIES}.confirm_enabling"
    ),
    "POST people/{id}/release": changes(f"{AGENCIES}.release_account"),
    "POST people/{id}/sign-out": changes(f"{AGENCIES}.end_sessions_of"),
    "POST people/{id}/wake": changes(f"{AGENCIES}.wake_person"),
    "POST people/{id}/address": changes(f"{AGENCIES}.propose_address"),
    "POST people/{id}/credentials": changes(f"{AGENCIES}.record_credential"),
    "POST credentials/{id}/revoke": changes(f"{AGENCIES}.revoke_credential"),
    "POST posts/{id}/change": changes(f"{AGENCIES}.change_post"),
    "POST posts/{id}/end": changes(f"{AGENCIES}.end_membership"),
    "POST nominations": changes(f"{AGENCIES}.nominate"),
    "GET nominations/{id}": declared(PEOPLE),
    "POST nominations/{id}/validate": changes(f"{AGENCIES}.validate_nomination"),
    "POST nominations/{id}/refuse": changes(f"{AGENCIES}.refuse_nomination"),
    "POST nominations/{id}/withdraw": changes(f"{AGENCIES}.withdraw_nomination"),
    "POST nominations/{id}/consent": changes(f"{AGENCIES}.consent_to_nomination"),
    "POST auditors": changes(f"{AGENCIES}.invite_auditor"),
    "GET agreements": declared(NO_RECORD),
    "GET agreements/{id}": declared(NO_RECORD),
    "GET task-forces": declared(NO_RECORD),
    "GET task-forces/{id}": declared(NO_RECORD),
    "GET notifications": shows("api: notifications"),
    "POST notifications/{id}/read": changes("sharing.telling.mark_read"),
    "GET ledger-events": shows("api: ledger-events"),
    "POST search": shows("api: search", "api: search for victims"),
}
"""The calls of the interface, as the description names them below ``/api/v1/``."""

PAGES: dict[str, Route] = {
    "": shows("page: home"),
    "queues/<slug:key>/": shows(
        "page: queue of what was shared with us",
        "page: queue of what we shared",
        "page: queue of what ends",
        "page: queue of what changed",
    ),
    "cases/": shows("page: cases"),
    "cases/new/": changes("cases.services.open_case"),
    "cases/export/": shows(
        "page: what a file would hold",
        "page: file of cases as CSV",
        "page: file of cases as XLSX",
    ),
    "cases/import/": changes("cases.services.stage_import"),
    "cases/import/template/": declared("a spreadsheet to fill in, the same for everybody"),
    "cases/import/<uuid:pk>/": declared("what a file of one's own would make, which is no record"),
    "cases/import/<uuid:pk>/make/": changes("cases.services.make_import"),
    "cases/import/<uuid:pk>/undo/": changes("cases.services.undo_import"),
    "cases/views/": changes("cases.services.save_view"),
    "cases/views/<uuid:pk>/": changes("cases.services.change_view"),
    "cases/views/<uuid:pk>/remove/": changes("cases.services.remove_view"),
    "cases/series/new/": changes(
        "cases.services.make_series",
        "cases.services.add_to_series",
        showing=("form: make a series of the list", "form: make a series of what is named"),
    ),
    "cases/<uuid:pk>/series/remove/": changes("cases.services.take_out_of_series"),
    "cases/<uuid:pk>/": shows("page: case", "page: series"),
    "cases/<uuid:pk>/items/": shows("page: items"),
    "cases/<uuid:pk>/sharing/": shows("page: sharing"),
    "cases/<uuid:pk>/history/": shows("page: history"),
    "cases/<uuid:pk>/briefing/": changes(
        "cases.services.print_case", showing=("form: briefing copy", "page: briefing copy")
    ),
    "cases/<uuid:pk>/edit/": changes("cases.services.amend_case", showing=("form: edit a case",)),
    "cases/<uuid:pk>/share/": changes(f"{SHARING}.offer_record", showing=("form: share a case",)),
    "cases/<uuid:pk>/share/panel/": shows("form: what an offer would show"),
    "cases/<uuid:pk>/share/seen/": shows("form: as they would see it"),
    "cases/<uuid:pk>/seen/<uuid:grant_id>/": shows("page: as they see it"),
    "cases/<uuid:pk>/told/": changes(
        f"{SHARING}.log_hand_over", showing=("form: log a disclosure",)
    ),
    "records/<uuid:pk>/mistake/": changes(
        "cases.services.stop_sharing", showing=("form: shared by mistake",)
    ),
    "recalls/": shows("page: recalls"),
    "recalls/<uuid:pk>/": shows("page: recall"),
    "recalls/<uuid:pk>/send/": changes(f"{SHARING}.send_recall"),
    "recalls/<uuid:pk>/incident/": changes(
        f"{SHARING}.write_incident_note", showing=("form: incident note",)
    ),
    "receipts/<uuid:pk>/answer/": changes(f"{SHARING}.answer_recall"),
    "incidents/": shows("page: incident notes"),
    "incidents/<uuid:pk>/": shows("page: incident note"),
    "recipients/": declared(NO_RECORD),
    "cases/<uuid:pk>/items/new/": changes(
        "cases.services.add_item", showing=("form: add an item",)
    ),
    "items/<uuid:pk>/edit/": changes("cases.services.amend_item", showing=("form: edit an item",)),
    "contributions/": shows("page: contributions"),
    "calls/new/": changes(f"{SHARING}.announce_call"),
    "calls/check/": changes(f"{SHARING}.identify_caller"),
    "records/<uuid:pk>/ask/": changes(
        f"{SHARING}.ask_for_record", showing=("form: ask for a record",)
    ),
    "requests/": shows("page: requests"),
    "requests/ask/": changes(f"{SHARING}.ask_by_number"),
    "requests/standing/": declared("standing access, which names categories and no record"),
    "requests/standing/new/": changes(f"{SHARING}.offer_standing"),
    "requests/<uuid:pk>/": shows("page: request"),
    "requests/<uuid:pk>/approve/": changes(f"{SHARING}.approve_request"),
    "requests/<uuid:pk>/undo/": changes(f"{SHARING}.undo_approval"),
    "requests/together/": changes(
        f"{SHARING}.approve_together", showing=("form: approve requests together",)
    ),
    "requests/<uuid:pk>/deny/": changes(f"{SHARING}.deny_request"),
    "requests/<uuid:pk>/question/": changes(f"{SHARING}.ask_question"),
    "requests/<uuid:pk>/answer/": changes(f"{SHARING}.answer_question"),
    "requests/<uuid:pk>/withdraw/": changes(f"{SHARING}.withdraw_request"),
    "requests/<uuid:pk>/attach/": changes(f"{SHARING}.attach_record"),
    "r/<slug:number>/": shows("link in a mail"),
    **{
        f"grants/<uuid:pk>/{act}/": changes(
            f"{SHARING}.{service}", showing=("form: change an access",)
        )
        for act, service in {
            "revoke": "revoke_grant",
            "narrow": "narrow_grant",
            "acknowledge": "acknowledge_grant",
            "release": "release_item",
            "renew": "renew_grant",
        }.items()
    },
    "notifications/": shows("page: notifications"),
    "notifications/read/": changes("sharing.telling.mark_read"),
    "notifications/settings/": changes(
        "sharing.telling.choose_channels", showing=("page: muted cases",)
    ),
    "notifications/mute/<uuid:pk>/": changes("sharing.telling.mute_case"),
    "notifications/unmute/<uuid:pk>/": changes("sharing.telling.unmute_case"),
    "notifications/<uuid:pk>/read/": changes("sharing.telling.mark_read"),
    "search/": shows(
        "page: search", "page: search by post", "page: search of cases", "page: facets of search"
    ),
    "search/suggest/": shows("page: autocomplete", "page: suggestions by post"),
    "ledger/": shows("page: audit log"),
    "ledger/who/": shows("page: who saw a case"),
    "ledger/who/file/": shows("page: who saw a case, as a file"),
    "people/<uuid:pk>/disable/": changes("agencies.services.disable_person"),
    "people/<uuid:pk>/enable/": changes(
        "agencies.services.propose_enabling", "agencies.services.confirm_enabling"
    ),
    "people/<uuid:pk>/release/": changes("agencies.services.release_account"),
    "people/<uuid:pk>/factors/": changes("agencies.services.propose_clearing"),
    "people/<uuid:pk>/factors/confirm/": changes("agencies.services.confirm_clearing"),
    "people/<uuid:pk>/factors/withdraw/": changes("agencies.services.withdraw_clearing"),
    "account/clearing/stop/": changes("agencies.services.withdraw_clearing"),
    "people/<uuid:pk>/sessions/end/": changes("agencies.services.end_sessions_of"),
    "account/sessions/": declared("where one is signed in oneself; no record"),
    "account/sessions/<uuid:pk>/end/": changes("agencies.services.end_session"),
    "account/sessions/end-others/": changes("agencies.services.end_other_sessions"),
    "account/unlocked/": declared("that one's own session is open again; no record"),
    "agencies/": declared(NO_RECORD),
    "agencies/<uuid:pk>/": declared(NO_RECORD),
    "people/": declared(PEOPLE),
    "people/<uuid:pk>/": declared(PEOPLE),
    "people/<uuid:pk>/wake/": changes("agencies.services.wake_person"),
    "people/<uuid:pk>/address/": changes("agencies.services.propose_address"),
    "people/<uuid:pk>/credentials/new/": changes("agencies.services.record_credential"),
    "people/credentials/": declared(PEOPLE),
    "people/credentials/require/": changes("agencies.services.require_credential"),
    "people/credentials/<uuid:pk>/": declared(PEOPLE),
    "people/credentials/<uuid:pk>/waive/": changes("agencies.services.waive_credential"),
    "credentials/<uuid:pk>/revoke/": changes("agencies.services.revoke_credential"),
    "posts/<uuid:pk>/change/": changes("agencies.services.change_post"),
    "posts/<uuid:pk>/end/": changes("agencies.services.end_membership"),
    "posts/<uuid:pk>/handover/": shows("page: handover"),
    "people/nominations/": declared(PEOPLE),
    "people/nominations/new/": changes("agencies.services.nominate"),
    "people/nominations/<uuid:pk>/": declared(PEOPLE),
    "people/nominations/<uuid:pk>/<slug:act>/": changes(
        "agencies.services.validate_nomination",
        "agencies.services.refuse_nomination",
        "agencies.services.withdraw_nomination",
        "agencies.services.consent_to_nomination",
    ),
    "people/auditors/new/": changes("agencies.services.invite_auditor"),
    "people/address/<str:token>/": changes("agencies.services.confirm_address"),
    "people/reviews/": declared(PEOPLE),
    "people/reviews/begin/": changes("agencies.services.begin_review"),
    "people/reviews/<uuid:pk>/": changes("agencies.services.answer_review"),
    "people/reviews/<uuid:pk>/close/": changes("agencies.services.close_review"),
    "people/reviews/<uuid:pk>/file/": changes("agencies.services.take_out_review"),
    "administration/": declared("where to administer what, for whoever administers; no record"),
    "onboarding/": declared(ONBOARDING),
    "onboarding/applications/<uuid:pk>/": declared(ONBOARDING),
    "onboarding/applications/<uuid:pk>/take-up/": changes(f"{AGENCIES}.take_up_application"),
    "onboarding/applications/<uuid:pk>/decline/": changes(f"{AGENCIES}.decline_application"),
    "onboarding/evidence/<uuid:pk>/": changes(f"{AGENCIES}.open_evidence"),
    "onboarding/<uuid:pk>/": declared(ONBOARDING),
    "onboarding/<uuid:pk>/<slug:name>/": changes(
        *(
            f"{AGENCIES}.{service}"
            for service in (
                *("verify_authority", "assign_tier", "send_agreements", "record_signature"),
                *("review_answer", "vote_on_agency", "name_contact", "settle_particulars"),
                *("record_arrangement", "appoint_coordinators", "start_pilot", "activate_agency"),
                *("open_recertification", "begin_year", "decline_agency", "limit_agency"),
                *("suspend_agency", "reinstate_agency", "close_agency"),
                *("sign_agreement", "sign_with"),
            )
        )
    ),
    "compliance/": declared("what one's own agency answered, for its coordinators; no record"),
    "compliance/year/": changes(f"{AGENCIES}.open_recertification"),
    "compliance/answers/<slug:topic>/": changes(f"{AGENCIES}.answer_question"),
    "compliance/for/<uuid:pk>/": declared(
        "what an agency answered, to the coordinators of the one that answers for it; no record"
    ),
    "compliance/for/<uuid:pk>/answers/<slug:topic>/": changes(f"{AGENCIES}.answer_question"),
    "arrangements/<uuid:pk>/<slug:name>/": changes(
        f"{AGENCIES}.confirm_arrangement", f"{AGENCIES}.end_arrangement"
    ),
    "acting-as/": changes("agencies.services.take_up"),
    "about/": declared("the page for the chief, the same for everybody"),
    "help/shortcuts/": declared("which keys do what, the same for everybody"),
    "help/terms/": declared("what the words mean, the same for everybody"),
    "account/tokens/": changes("agencies.services.issue_token"),
    "account/tokens/<uuid:pk>/revoke/": changes("agencies.services.revoke_token"),
    "own-sign-in/": declared("leads to the page of one's own agency"),
    "agencies/<uuid:pk>/sign-in/": changes("agencies.services.identity.configure_provider"),
    "agencies/<uuid:pk>/sign-in/alone/": changes("agencies.services.own_way.settle_sign_in"),
    "sign-ins/<uuid:pk>/try/": changes("agencies.services.trial.finish_trial"),
    "sign-ins/<uuid:pk>/confirm/": changes("agencies.services.identity.confirm_provider"),
    "sign-ins/<uuid:pk>/end/": changes("agencies.services.identity.end_provider"),
    "directory/": changes("agencies.services.provisioning.issue_provisioning_key"),
    "directory/revoke/": changes("agencies.services.provisioning.revoke_provisioning_key"),
    "programs/": declared("an agency's programs and tokens, to its own people; no record"),
    "programs/new/": changes("agencies.services.register_program"),
    "programs/<uuid:pk>/secret/": changes("agencies.services.draw_secret"),
    "programs/<uuid:pk>/hand-over/": changes("agencies.services.hand_program_over"),
    "programs/<uuid:pk>/revoke/": changes("agencies.services.revoke_program"),
    "preferences/": changes("agencies.services.set_preferences"),
    "preferences/theme/": changes("agencies.services.set_preferences"),
    **{
        f"account/{address}/": declared(HOW_ONE_SIGNS_IN)
        for address in (
            "security",
            "app/add",
            "app/remove",
            "passkeys/add",
            "passkeys/<int:pk>/name",
            "passkeys/<int:pk>/remove",
            "recovery-codes",
            "recovery-codes/renew",
            "reauthenticate/agency",
            "reauthenticate/code",
            "reauthenticate/passkey",
        )
    },
}

OPEN: dict[str, Route] = {
    "api/v1/^schema/?$": declared("the description of the interface, the same for everybody"),
    "api/v1/^docs/?$": declared("the same, to read in a browser"),
    "api/v1/": declared("the answer to every address that is none"),
    "api/v1": declared("the same"),
    "confirmed/<slug:key>/": declared("what one sent oneself and had to confirm first"),
    "health/live": declared("that the process lives"),
    "health/ready": declared("that database and outbox are well"),
    "metrics": declared("figures of the process, to whoever holds the token"),
    **{
        f"account/agency/saml/<str:organization_slug>/{address}": declared(SIGN_IN)
        for address in ("answer/", "answer/finish/", "metadata/", "out/")
    },
    "^oauth/token/?$": declared("a program's secret in, a token out; no record"),
    **{
        f"^scim/v2{address}": declared(DIRECTORY)
        for address in (
            *("/Users/?$", "/Users/(?P<pk>[^/]+)/?$", "(?:/.*)?$"),
            "/(?P<what>ServiceProviderConfig|ResourceTypes|Schemas)(?:/(?P<pk>[^/]+))?/?$",
        )
    },
    "people/invitation/<str:token>/": changes(
        "agencies.services.accept_nomination", "agencies.services.accept_as_new"
    ),
    "demo/": declared("the personas of the demonstration, in demo mode alone"),
    "demo/enter/": declared("the same: acting as one of them"),
    "demo/about/": declared("the page for the chief, the same for everybody"),
    "apply/": changes(f"{AGENCIES}.send_application"),
    "apply/agencies/": declared("what directories of ORIs publish, whoever is on board"),
    "apply/sent/": declared("that a mail is on its way, the same for everybody"),
    "apply/by/<str:token>/": declared(APPLYING),
    "apply/by/<str:token>/confirm/": changes(f"{AGENCIES}.confirm_application"),
    "apply/by/<str:token>/people/": changes(f"{AGENCIES}.name_contact"),
    "apply/by/<str:token>/answers/<slug:topic>/": changes(f"{AGENCIES}.answer_question"),
    **{
        f"account/{address}/": declared(SIGN_IN)
        for address in (
            "login",
            "logout",
            "inactive",
            "lock",
            "locked",
            "session",
            "session/active",
            "signup",
            "reauthenticate",
            "second-step",
            "passkey",
            "password/change",
            "password/set",
            "password/reset",
            "password/reset/done",
            "password/reset/key/done",
            "agency",
            "agency/<str:provider_id>/answer",
        )
    },
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": declared(SIGN_IN),
}

ADMINISTERED = ("agency", "person", "membership", "agreement", "party", "taskforce", "secondment")
ADMIN: dict[str, Route] = {
    f"admin/{address}": declared(ADMINISTRATION)
    for address in (
        *("", "login/", "logout/", "password_change/", "password_change/done/", "autocomplete/"),
        *("jsi18n/", "^(?P<app_label>agencies)/$", "(?P<url>.*)$"),
        *(
            f"agencies/{model}/{page}"
            for model in ADMINISTERED
            for page in (
                *("", "add/", "<path:object_id>/", "<path:object_id>/history/"),
                *("<path:object_id>/delete/", "<path:object_id>/change/"),
            )
        ),
    )
}
