"""The production shape: parsed, and held to what it promises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = ("prepare", "web", "worker", "beat")
LASTING = sorted(set(SERVICES) - {"prepare"})
SECRETS = ("SECRET_KEY", "PASSWORD", "EMAIL_URL")


def test_the_services_are_those_of_production() -> None:
    assert set(SERVICES) == {
        "prepare",
        "web",
        "worker",
        "beat",
        "postgres",
        "redis",
        "proxy",
    }


@pytest.mark.parametrize("name", LASTING)
def test_a_service_that_lasts_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_no_secret_has_a_default() -> None:
    variables = re.findall(r"(?<!\$)\$\{(\w+)(:?[^}]*)\}", TEXT)
    secrets = [(name, rest) for name, rest in variables if any(word in name for word in SECRETS)]
    assert len(secrets) >= 6
    assert {(name, rest) for name, rest in secrets if rest != ":?"} == set()


def test_no_secret_is_written_down() -> None:
    written = {
        f"{service}.{key}"
        for service, entry in SERVICES.items()
        for key, value in entry.get("environment", {}).items()
        if any(word in key for word in ("SECRET", "PASSWORD")) and "${" not in str(value)
    }
    assert written == set()


@pytest.mark.parametrize("name", PORTAL)
def test_the_portal_runs_without_root_on_a_read_only_disk(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {entry.split(":")[0] for entry in service["tmpfs"]} == {"/tmp", "/data"}  # noqa: S108


@pytest.mark.parametrize("name", ["redis", "proxy"])
def test_what_can_be_read_only_is(name: str) -> None:
    assert SERVICES[name]["read_only"] is True


def test_only_the_migrating_service_knows_the_owner() -> None:
    knowing = {name for name in PORTAL if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]}
    assert knowing == {"prepare"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name in SERVICES if SERVICES[name].get("ports")} == {"proxy"}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name in ("postgres", "redis") if SERVICES[name]["networks"] == ["inside"]} == {
        "postgres",
        "redis",
    }


def test_the_portal_starts_on_a_prepared_database() -> None:
    waits = {name: SERVICES[name]["depends_on"] for name in ("web", "worker", "beat")}
    assert waits == {
        name: {
            "prepare": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
        for name in waits
    }


def test_beat_is_a_service_of_its_own() -> None:
    assert "beat" not in SERVICES["worker"]["command"]
    assert "--beat" not in SERVICES["worker"]["command"]
    assert "beat" in SERVICES["beat"]["command"]


def test_the_example_names_every_variable() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    composed = {name for name, _ in re.findall(r"(?<!\$)\$\{(\w+)(:?[^}]*)\}", TEXT)}
    settings = [path.read_text(encoding="utf-8") for path in (ROOT / "portal").glob("*.py")]
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', "\n".join(settings)))
    assert named >= composed | read
    assert set(re.findall(r"^(\w+)=\S", example, re.MULTILINE)) == set()


def test_the_image_ends_without_root_and_installs_by_hash() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001"]
    installs = [line for line in lines if "pip install" in line]
    assert [line for line in installs if "--require-hashes" not in line] == []
    assert len(installs) == 1


def test_every_source_that_the_image_copies_is_there() -> None:
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    sources = {source for line in copied for source in line.split()}
    assert {source for source in sources if not (ROOT / source).exists()} == set()
    mounted = re.findall(r"- \./(\S+?):", TEXT)
    assert {source for source in mounted if not (ROOT / source).is_file()} == set()
    assert len(mounted) == 2
