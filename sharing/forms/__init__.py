"""Forms of the main job: ask, offer, decide, acknowledge, narrow, stop; search and the log."""

from sharing.forms.asking import AskByNumberForm, AskForm
from sharing.forms.calling import CallForm, CodeForm
from sharing.forms.deciding import (
    ApproveForm,
    AsAskedForm,
    AttachForm,
    DenyForm,
    TextForm,
    VersionForm,
)
from sharing.forms.finding import LedgerForm, SearchForm
from sharing.forms.handing_over import HandOverForm
from sharing.forms.holding import AcknowledgeForm, NarrowForm, RenewForm, RevokeForm
from sharing.forms.offering import FindForm, OfferForm, RecipientForm, ReleaseForm, StandingForm
from sharing.forms.recalling import AnswerForm, IncidentForm, SendForm
from sharing.forms.telling import ChannelsForm
from sharing.forms.terms import ItemsForm, TermsForm

__all__ = [
    "AcknowledgeForm",
    "AnswerForm",
    "ApproveForm",
    "AsAskedForm",
    "AskByNumberForm",
    "AskForm",
    "AttachForm",
    "CallForm",
    "ChannelsForm",
    "CodeForm",
    "DenyForm",
    "FindForm",
    "HandOverForm",
    "IncidentForm",
    "ItemsForm",
    "LedgerForm",
    "NarrowForm",
    "OfferForm",
    "RecipientForm",
    "ReleaseForm",
    "RenewForm",
    "RevokeForm",
    "SearchForm",
    "SendForm",
    "StandingForm",
    "TermsForm",
    "TextForm",
    "VersionForm",
]
