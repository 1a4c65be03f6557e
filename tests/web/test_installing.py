"""What a browser needs to install the site: its worker, its name, its icons."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lms.app import create_app
from lms.settings import Settings
from lms.web import icons
from lms.web.assets import csp_hash, early


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings.load({"LMS_DATA": str(tmp_path), "LMS_COURSES": str(tmp_path), "LMS_NAME": "Mi aula"})
    with TestClient(create_app(settings)) as running:
        yield running


def _pixel(png: bytes, x: int, y: int) -> bytes:
    """The colour of a pixel of a PNG with two bits a pixel and a palette."""
    chunks, at = {}, 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks[kind] = png[at + 8 : at + 8 + length]
        at += 12 + length
    width = struct.unpack(">I", chunks[b"IHDR"][:4])[0]
    row = zlib.decompress(chunks[b"IDAT"])[y * (width // 4 + 1) + 1 :]
    colour = row[x // 4] >> (6 - 2 * (x % 4)) & 3
    return chunks[b"PLTE"][3 * colour : 3 * colour + 3]


def test_the_manifest_has_the_sites_own_name_and_icons_that_exist(client: TestClient) -> None:
    manifest = client.get("/manifest.webmanifest").json()
    assert (manifest["name"], manifest["lang"]) == ("Mi aula", "es-PE")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        answer = client.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
        size = int(icon["sizes"].split("x")[0])
        assert struct.unpack(">II", answer.content[16:24]) == (size, size)


@pytest.mark.parametrize("size", icons.SIZES)
def test_an_icon_is_small_and_has_the_brands_colours(size: int) -> None:
    png = icons.png(size)
    assert len(png) < 1000
    middle, gold = size // 2, round(size * 8 / icons.BOX)
    assert _pixel(png, 0, 0) == icons.TEAL
    assert _pixel(png, gold, middle) == icons.GOLD
    assert _pixel(png, middle, middle) == icons.CLAY


def test_there_is_no_icon_of_any_other_size(client: TestClient) -> None:
    assert client.get("/icono-4096.png").status_code == 404


def test_the_worker_is_at_the_root_and_asked_for_again(client: TestClient) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["cache-control"]
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_policy_lets_nothing_else_be_a_worker_or_a_manifest(client: TestClient) -> None:
    """Both fall back to where everything comes from."""
    policy = client.get("/").headers["content-security-policy"]
    assert f"default-src 'self'; script-src 'self' '{csp_hash(early())}';" in policy
    assert "worker-src" not in policy
    assert "manifest-src" not in policy
