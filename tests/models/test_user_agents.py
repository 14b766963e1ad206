from __future__ import annotations

import pytest

from django_pwdless.models.user_agents import browser_family, system_family

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
CHROMEBOOK = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{WINDOWS} {KIT} Chrome/138.0.0.0 Safari/537.36", ("Chrome", "Windows")),
        (f"{WINDOWS} {KIT} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", ("Edge", "Windows")),
        (f"{WINDOWS} {KIT} Chrome/138.0.0.0 Safari/537.36 OPR/120.0.0.0", ("Opera", "Windows")),
        (f"{LINUX} Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        (f"{MAC} {KIT} Version/18.5 Safari/605.1.15", ("Safari", "macOS")),
        (f"{IPHONE} {KIT} Version/18.5 Mobile/15E148 Safari/604.1", ("Safari", "iPhone")),
        (f"{IPHONE} {KIT} CriOS/138.0 Mobile/15E148 Safari/604.1", ("Chrome", "iPhone")),
        (f"{IPAD} {KIT} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", ("Firefox", "iPad")),
        (f"{ANDROID} {KIT} Chrome/138.0.0.0 Mobile Safari/537.36", ("Chrome", "Android")),
        (
            f"{ANDROID} {KIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            ("Samsung Internet", "Android"),
        ),
        (f"{CHROMEBOOK} {KIT} Chrome/138.0.0.0 Safari/537.36", ("Chrome", "ChromeOS")),
        ("curl/8.14.1", ("", "")),
        ("", ("", "")),
        ("<script>alert(1)</script>", ("", "")),
    ],
)
def test_families(text: str, names: tuple[str, str]) -> None:
    assert (browser_family(text), system_family(text)) == names
