"""Configuration of the app."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Who there is, by what authority and with what means."""

    name = "agencies"

    def ready(self) -> None:
        """Register the kinds of message about people, their accounts and onboarding."""
        from agencies import account_mail, clearing_mail, mailing, notices
        from agencies.onboarding import telling
        from agencies.services.securing import ACCOUNT_NOTICE

        account_mail.register()
        clearing_mail.register()
        mailing.register_all()
        notices.register_all(ACCOUNT_NOTICE)
        telling.register()
