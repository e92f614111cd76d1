"""Building and deploying ``template.yaml`` to the emulator, when something has changed.

The same two commands as for AWS; only the endpoint and the parameters differ.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from local.settings import REGION, ROOT, STACK_NAME, Settings

_SOURCES = ("template.yaml", "samconfig.toml", "functions", "layers", "requirements/layer.txt")
_ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "AMD64": "x86_64"}


class DeploymentError(Exception):
    """`sam` failed; the text is the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The stack on the emulator of one local stack."""

    settings: Settings
    parameters: Mapping[str, str]

    def is_current(self) -> bool:
        """Whether what is deployed was made from these sources and parameters."""
        if not self._mark.exists():
            return False
        noted = json.loads(self._mark.read_text())
        same_parameters = noted["parameters"] == dict(self.parameters)
        return same_parameters and (self.settings.warm or noted["sources"] == _digest(_SOURCES))

    def build(self) -> None:
        """Build functions and layer for this machine."""
        self._sam("build", "--build-dir", str(self._build_dir))

    def deploy(self) -> None:
        """Deploy the build and note what it was made from."""
        self._mark.unlink(missing_ok=True)
        pairs = [f"{name}={value}" for name, value in self.parameters.items()]
        template = self._build_dir / "template.yaml"
        self._sam("deploy", "--template-file", str(template), "--parameter-overrides", *pairs)
        noted = {"sources": _digest(_SOURCES), "parameters": dict(self.parameters)}
        self._mark.write_text(json.dumps(noted))

    def outputs(self) -> dict[str, str]:
        """Return the stack's outputs by name."""
        stack = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def client(self, service: str) -> Any:  # noqa: ANN401 - each caller knows its service
        """Return a client for a service of the emulator."""
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.settings.aws_endpoint_url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator's own
        )

    @property
    def _build_dir(self) -> Path:
        return self.settings.state_dir / "build"

    @property
    def _mark(self) -> Path:
        return self.settings.state_dir / "deployed.json"

    def _sam(self, command: str, *arguments: str) -> None:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{ROOT / '.boot' / 'bin'}:{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": self.settings.aws_endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "SAM_CLI_TELEMETRY": "0",
            "LAYER_PLATFORM": "host",
        }
        ended = subprocess.run(  # noqa: S603 - our own command
            [
                str(Path(sys.executable).parent / "sam"),
                command,
                # sam looks beside the template, which here lies in the state folder.
                "--config-file",
                str(ROOT / "samconfig.toml"),
                "--config-env",
                "local",
                *arguments,
            ],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        with (self.settings.log_dir / "sam.log").open("a") as log:
            log.write(ended.stdout + ended.stderr)
        if ended.returncode:
            raise DeploymentError(f"sam {command}\n{(ended.stdout + ended.stderr)[-3000:]}")


def local_parameters(partners_url: str) -> dict[str, str]:
    """Return the template's parameters for a stack on this machine."""
    return {
        "Stage": "local",
        "PartnersUrl": partners_url,
        "IdentityIssuer": f"{partners_url}/identity",
        "Architecture": _ARCHITECTURES[platform.machine()],
    }


def _digest(sources: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        place = ROOT / source
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
