"""An address that takes no arguments is worked out once, and is the one that Django gives."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, clear_script_prefix, reverse, set_script_prefix

from portal.templatetags.addresses import NamedAddress

KEY = "11111111-1111-4111-8111-111111111111"


def shown(markup: str) -> str:
    return Template(markup).render(Context({"key": KEY, "name": "case_list"}))


def kinds(markup: str) -> list[bool]:
    return [isinstance(node, NamedAddress) for node in Template(markup).nodelist]


def test_a_name_alone_is_kept_and_leads_where_django_says() -> None:
    markup = "{% url 'case_list' %}"
    assert kinds(markup) == [True]
    assert shown(markup) == shown(markup) == reverse("case_list")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("{% url 'case' key %}", lambda: reverse("case", args=[KEY])),
        ("{% url name %}", lambda: reverse("case_list")),
        ("{% url 'case_list' as there %}<{{ there }}>", lambda: f"<{reverse('case_list')}>"),
        ("{% url 'CASE_LIST'|lower %}", lambda: reverse("case_list")),
    ],
)
def test_whatever_takes_more_is_left_to_django(markup: str, expected: object) -> None:
    assert True not in kinds(markup)
    assert shown(markup) == expected()  # type: ignore[operator]


def test_a_name_that_leads_nowhere_fails_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            shown("{% url 'nowhere_at_all' %}")


def test_where_the_portal_stands_below_another_address_it_is_not_mistaken() -> None:
    before = shown("{% url 'case_list' %}")
    set_script_prefix("/below/")
    try:
        assert shown("{% url 'case_list' %}") == f"/below{before}"
    finally:
        clear_script_prefix()
    assert shown("{% url 'case_list' %}") == before
