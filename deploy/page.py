"""``make publish-page``: put the built page into the edge's bucket.

Parts first and ``index.html`` last, so that nobody is told of a part that is not there yet.
Nothing is taken away: a page that is open still finds its own parts.
"""

import argparse
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local.page import build_page
from local.webserver import DIST

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

EDGE_REGION = "us-east-1"
"""Where CloudFront's stack is, wherever the service is."""
IMMUTABLE = "public, max-age=31536000, immutable"
FRESH = "no-cache"
_TEXT = ("text/", "application/json", "application/javascript")


def files_of(dist: Path) -> Iterator[tuple[str, Path]]:
    """Yield keys and files of a build in the order in which they may be seen.

    Raises
    ------
    FileNotFoundError
        If there is no ``index.html``.
    """
    files = {
        file.relative_to(dist).as_posix(): file
        for file in sorted(dist.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }
    if "index.html" not in files:
        raise FileNotFoundError(dist / "index.html")
    index = files.pop("index.html")
    yield from sorted(files.items(), key=lambda one: not _is_immutable(one[0]))
    yield "index.html", index


def caching_of(key: str) -> str:
    """Return how long a file may be kept: for ever, if its name carries its content's hash."""
    return IMMUTABLE if _is_immutable(key) else FRESH


def publish(s3: "S3Client", bucket: str, dist: Path) -> list[str]:
    """Upload a build and return its keys, in the order of their upload."""
    published = []
    for key, file in files_of(dist):
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=file.read_bytes(),
            CacheControl=caching_of(key),
            ContentType=_type_of(file),
        )
        published.append(key)
    return published


def _is_immutable(key: str) -> bool:
    return key.startswith("assets/")


def _type_of(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(_TEXT) else kind


def main() -> None:
    """Build the page and put it where the stack of the edge says."""
    options = argparse.ArgumentParser(prog="publish-page", description=__doc__)
    options.add_argument("--stack-name", default="modupoint-edge")
    stack_name = options.parse_args().stack_name
    build_page()
    formation: CloudFormationClient = boto3.client("cloudformation", region_name=EDGE_REGION)
    [stack] = formation.describe_stacks(StackName=stack_name)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    s3: S3Client = boto3.client("s3", region_name=EDGE_REGION)
    for key in publish(s3, outputs["Page"], DIST):
        print(key)
    print(f"published at {outputs['Url']}")


if __name__ == "__main__":
    main()
