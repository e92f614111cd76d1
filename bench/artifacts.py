"""What is shipped: built by ``sam build``, weighed, and looked into."""

import importlib.metadata
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from bench.template import ROOT

_PYC_FLAGS = slice(4, 8)
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")
_ELF_MACHINE = slice(18, 20)
_AARCH64 = (183).to_bytes(2, "little")
_BYTECODE = f"__pycache__/{{stem}}.{sys.implementation.cache_tag}.pyc"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class BuildError(Exception):
    """``sam build`` failed; the text is the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build of the template, under ``place``."""

    place: Path

    @property
    def layer(self) -> Path:
        """What Lambda unpacks to ``/opt``."""
        return self.place / "CommonLayer"

    def code(self, function: str) -> Path:
        """Return what Lambda unpacks to ``/var/task``."""
        return self.place / function

    def import_paths(self, function: str) -> list[str]:
        """Return where a function's imports come from before the runtime's own, in order."""
        return [str(self.code(function)), str(self.layer / "python")]


def build(place: Path, platform: str | None) -> Build:
    """Build the template's functions and layer.

    Parameters
    ----------
    platform
        ``LAYER_PLATFORM`` of ``layers/common/Makefile``; None for what is
        shipped unless said otherwise.

    Raises
    ------
    BuildError
        If a part does not build.
    """
    shutil.rmtree(place, ignore_errors=True)
    tools = f"{Path(sys.executable).parent}:{ROOT / '.boot' / 'bin'}"
    environment = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "SAM_CLI_TELEMETRY": "0",
    }
    environment.pop("LAYER_PLATFORM", None)
    if platform is not None:
        environment["LAYER_PLATFORM"] = platform
    ended = subprocess.run(
        ["sam", "build", "--config-env", "production", "--build-dir", str(place)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise BuildError((ended.stdout + ended.stderr)[-3000:])
    return Build(place)


def zip_bytes(folder: Path) -> int:
    """Return the size of a folder's archive, packed as ``sam deploy`` packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _files(folder):
            name = zipfile.ZipInfo(str(file.relative_to(folder)), _ZIP_EPOCH)
            archive.writestr(name, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return len(packed.getvalue())


def without_bytecode(folder: Path) -> list[str]:
    """Return the modules that ship no bytecode, or bytecode that Lambda would check or refuse."""
    return [
        str(source.relative_to(folder))
        for source in _files(folder, "*.py")
        if not _is_usable(source.parent / _BYTECODE.format(stem=source.stem))
    ]


def of_other_machines(folder: Path) -> list[str]:
    """Return the compiled libraries that are not for Lambda's arm64."""
    return [
        str(library.relative_to(folder))
        for library in _files(folder, "*.so*")
        if library.read_bytes()[:64][_ELF_MACHINE] != _AARCH64
    ]


def runtime(place: Path) -> Path:
    """Gather what Lambda's runtime brings, boto3 and what it needs, and nothing else.

    The development environment has more than that, and botocore takes up what
    it finds: pyOpenSSL and the CRT would make floor and handlers slower here
    than they are there, and a package that the layer lacks would go unnoticed.
    """
    shutil.rmtree(place, ignore_errors=True)
    (place / "__pycache__").mkdir(parents=True)
    for file in _top_level(_needed("boto3")):
        (place / file.name).symlink_to(file)
        if file.suffix == ".py":
            compiled = Path(importlib.util.cache_from_source(str(file)))
            (place / "__pycache__" / compiled.name).symlink_to(compiled)
    return place


def _files(folder: Path, pattern: str = "*") -> Iterator[Path]:
    return (file for file in sorted(folder.rglob(pattern)) if file.is_file())


def _is_usable(bytecode: Path) -> bool:
    if not bytecode.exists():
        return False
    header = bytecode.read_bytes()[:16]
    return header.startswith(importlib.util.MAGIC_NUMBER) and header[_PYC_FLAGS] == _UNCHECKED_HASH


def _needed(package: str) -> set[str]:
    """Return a package and all it requires, without extras."""
    requirements = map(Requirement, importlib.metadata.requires(package) or ())
    wanted = [one.name for one in requirements if not one.marker or one.marker.evaluate()]
    return {package}.union(*map(_needed, wanted))


def _top_level(packages: Iterable[str]) -> set[Path]:
    return {
        Path(str(importlib.metadata.distribution(package).locate_file(file.parts[0])))
        for package in packages
        for file in importlib.metadata.files(package) or ()
        if file.suffix == ".py" and file.parts[0] not in {"..", "__pycache__"}
    }
