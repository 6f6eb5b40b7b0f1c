"""Settings: every unusable one is refused with its name and the cure."""

from __future__ import annotations

import stat
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from config import Config, ConfigError, from_environment, with_instance_secrets

SECRETS = {"SECRET_KEY": "s" * 32, "LINK_KEY": "l" * 32}


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY: missing or shorter than 32 characters; make one with"),
        ({"SECRET_KEY": "s" * 31}, "SECRET_KEY: missing or shorter than 32 characters"),
        ({"LINK_KEY": "short"}, "LINK_KEY: missing or shorter than 32 characters"),
        ({"LINK_KEY": "s" * 32}, "LINK_KEY: must differ from SECRET_KEY"),
        ({"PUBLIC_URL": "check.example"}, "PUBLIC_URL: 'check.example' is no address; give it"),
        ({"PUBLIC_URL": "ftp://check.example"}, "PUBLIC_URL: 'ftp://check.example' is no"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL: 'https:' is no address"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL: give sqlite:///PATH or postgresql"),
        ({"TIMEZONE": "Dresden"}, "TIMEZONE: 'Dresden' is not known; give it like Europe/Berlin"),
        ({"TIMEZONE": "../etc/passwd"}, "TIMEZONE: '../etc/passwd' is not known"),
        ({"PORT": "http"}, "PORT: 'http' is not a whole number from 1 to 65535"),
        ({"PORT": "65536"}, "PORT: '65536' is not a whole number from 1 to 65535"),
        ({"PORT": "٨٠"}, "PORT: '٨٠' is not a whole number"),
        ({"WORKERS": "0"}, "WORKERS: '0' is not a whole number from 1 to 64"),
        ({"THREADS": "-1"}, "THREADS: '-1' is not a whole number from 1 to 64"),
        ({"PROXY_HOPS": "1.5"}, "PROXY_HOPS: '1.5' is not a whole number from 0 to 5"),
    ],
)
def test_an_unusable_setting_names_itself_and_the_cure(environ: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        from_environment(SECRETS | environ)
    assert str(raised.value).startswith(said)


def test_what_is_not_set_has_a_default(tmp_path: Path) -> None:
    config = from_environment(SECRETS | {"INSTANCE_PATH": str(tmp_path), "PORT": "8123"})
    assert config.database_url == f"sqlite:///{tmp_path}/zugangscheck.sqlite"
    assert config.public_url == "http://127.0.0.1:8123"
    assert (config.secure, config.host, config.timezone) == (False, "127.0.0.1", "Europe/Berlin")


def test_settings_are_taken_from_the_environment() -> None:
    config = from_environment(
        SECRETS
        | {
            "PUBLIC_URL": "https://check.example/",
            "SECRET_KEY_FALLBACKS": "old,,older",
            "ORGANISATION": "Musterstadt",
            "TIMEZONE": "Europe/London",
            "PROXY_HOPS": "2",
        }
    )
    assert (config.public_url, config.host, config.secure) == (
        "https://check.example",
        "check.example",
        True,
    )
    assert config.secret_key_fallbacks == ("old", "older")
    assert (config.organisation, config.proxy_hops) == ("Musterstadt", 2)
    assert str(config.zone) == "Europe/London"


def test_settings_are_frozen_and_described() -> None:
    config = from_environment(SECRETS)
    with pytest.raises(FrozenInstanceError):
        config.port = 1  # type: ignore[misc]
    assert all(field.metadata["describe"] for field in fields(Config))


def test_secrets_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    environ = {"INSTANCE_PATH": str(instance)}
    first = with_instance_secrets(environ)
    assert with_instance_secrets(environ) == first
    assert from_environment(first).secret_key != from_environment(first).link_key
    assert stat.S_IMODE((instance / "secrets.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    given = with_instance_secrets(environ | {"SECRET_KEY": "own" * 20})
    assert given["SECRET_KEY"] == "own" * 20
