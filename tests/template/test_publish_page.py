"""The page is published so that nobody is shown one whose parts are not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from deploy.page import caching_of, publish
from local.webserver import Page

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Bucket:
    """A bucket that remembers what was put into it."""

    put: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put_object(self, **asked: Any) -> None:
        self.put[asked["Key"]] = asked


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    for name in (
        "assets/index-1a2b.js",
        "assets/index-1a2b.css",
        "favicon.svg",
        "index.html",
        ".sources",
    ):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def bucket(dist: Path) -> Bucket:
    bucket = Bucket()
    publish(bucket, "page", dist)  # type: ignore[arg-type]
    return bucket


def test_the_page_comes_after_all_its_parts(bucket: Bucket) -> None:
    assert list(bucket.put)[-1] == "index.html"
    assert set(bucket.put) == {
        "assets/index-1a2b.js",
        "assets/index-1a2b.css",
        "favicon.svg",
        "index.html",
    }


def test_a_file_is_what_was_built(bucket: Bucket) -> None:
    for key, put in bucket.put.items():
        assert put["Body"].decode() == key


@pytest.mark.parametrize("key", ["assets/index-1a2b.js", "favicon.svg", "index.html"])
def test_a_file_is_kept_as_long_as_the_local_server_lets_it(
    bucket: Bucket, dist: Path, key: str
) -> None:
    served = Page(dist, "https://id.example")._serve(dist.resolve() / key)
    assert bucket.put[key]["CacheControl"] == caching_of(key) == served.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("assets/index-1a2b.js", "text/javascript; charset=utf-8"),
        ("assets/index-1a2b.css", "text/css; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_a_file_says_what_it_is(bucket: Bucket, key: str, kind: str) -> None:
    assert bucket.put[key]["ContentType"] == kind


def test_what_was_not_built_is_not_published(tmp_path: Path) -> None:
    bucket = Bucket()
    with pytest.raises(FileNotFoundError):
        publish(bucket, "page", tmp_path)  # type: ignore[arg-type]
    assert not bucket.put
