"""``make up``: the whole system on this machine, in the foreground.

Emulator, partners, page; build and deployment of ``template.yaml``; then one
line starting with ``ready`` and ``.local/stack.json``. Ctrl-C ends all of it.
"""

import json
import shutil
import signal
import socket
import sys
import time
import urllib.request
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.deployment import Deployment, DeploymentError, local_parameters
from local.mappings import hold, release
from local.moving import move
from local.page import PageError, build_page
from local.processes import ProcessEndedError, Processes, end_leftovers
from local.settings import (
    HOST,
    REGION,
    STACK_NAME,
    SettingError,
    Settings,
    read_settings,
)
from local.warming import warm

_START_WAIT_S = 60.0
_POLL_S = 0.5


class _Asked(Exception):  # noqa: N818 - not an error: somebody asked us to end
    """SIGINT or SIGTERM arrived."""


def main() -> int:
    """Run the stack until it is asked to end; returns the exit status."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        settings = read_settings()
        _check_ports(settings)
        end_leftovers(settings.process_file)
        with Processes(settings.process_file, settings.log_dir) as processes:
            deployment = _bring_up(settings, processes)
            try:
                while True:
                    processes.check()
                    time.sleep(_POLL_S)
            except _Asked:
                _hold_queues(deployment)
                raise
    except _Asked:
        _say("ended")
        return 0
    except (SettingError, ProcessEndedError, DeploymentError, PageError) as error:
        print(f"make up: {error}", file=sys.stderr)
        return 1


def _bring_up(settings: Settings, processes: Processes) -> Deployment:
    _say("page: building")
    build_page()
    _say("emulator: starting")
    _start_emulator(settings, processes)
    partners_url = settings.partners_url or _start_partners(settings, processes)
    _say(f"partners: {partners_url}")
    deployment = Deployment(settings, local_parameters(partners_url))
    # A stack that crashed has not held its queues.
    hold(deployment.client("lambda"))
    if deployment.is_current():
        _say("stack: as it was deployed before")
    else:
        _say("stack: building functions and layer")
        deployment.build()
        _say("stack: deploying template.yaml")
        deployment.deploy()
    api_id = deployment.outputs()["ApiId"]
    # By path and not by host name: *.localhost does not resolve everywhere.
    api_url = f"{settings.aws_endpoint_url}/_aws/execute-api/{api_id}"
    web_url = _start_page(settings, processes, api_url, f"{partners_url}/identity")
    _say("lanes: warming")
    warm(deployment)
    release(deployment.client("lambda"))
    stack = {
        "api_url": api_url,
        "web_url": web_url,
        "partners_url": partners_url,
        "aws_endpoint_url": settings.aws_endpoint_url,
        "region": REGION,
        "stack_name": STACK_NAME,
    }
    settings.stack_file.parent.mkdir(parents=True, exist_ok=True)
    settings.stack_file.write_text(json.dumps(stack, indent=2) + "\n")
    _say(f"ready page {web_url}  api {api_url}  logs {settings.log_dir}")
    return deployment


def _hold_queues(deployment: Deployment) -> None:
    try:
        hold(deployment.client("lambda"))
    except (BotoCoreError, ClientError) as error:
        # An emulator that does not answer is ended all the same; the next start holds them.
        print(f"make up: queues not held: {error}", file=sys.stderr)


def _start_emulator(settings: Settings, processes: Processes) -> None:
    # Each warm process unpacks its code into a temporary folder that outlives it.
    scratch = settings.state_dir / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    move(settings.state_dir, settings.aws_port)
    processes.start(
        "aws",
        [str(Path(sys.executable).parent / "ministack")],
        {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(settings.aws_port),
            "MINISTACK_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AUTH": "true" if settings.enforce_iam else "false",
            "TMPDIR": str(scratch),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(settings.state_dir / "aws"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(settings.state_dir / "s3"),
            # A warm process stays warm for the day, as it would under steady load.
            "LAMBDA_WARM_TTL_SECONDS": "86400",
            # Ports of services that the template does not use.
            "IOT_MTLS_ENABLED": "false",
            "SFTP_ENABLED": "false",
        },
    )
    url = f"{settings.aws_endpoint_url}/_ministack/health"
    processes.wait_for("aws", lambda: _answers(url), _START_WAIT_S)


def _start_partners(settings: Settings, processes: Processes) -> str:
    return _start_server(
        "partners",
        processes,
        settings,
        [
            "local.partners",
            "--port",
            str(settings.partners_port),
            "--state-dir",
            str(settings.state_dir),
        ],
    )


def _start_page(settings: Settings, processes: Processes, api_url: str, authority: str) -> str:
    return _start_server(
        "page",
        processes,
        settings,
        [
            "local.webserver",
            "--port",
            str(settings.web_port),
            "--api-url",
            api_url,
            "--authority",
            authority,
        ],
    )


def _start_server(name: str, processes: Processes, settings: Settings, module: list[str]) -> str:
    port_file = settings.state_dir / f"{name}.url"
    port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", *module, "--host", HOST, "--port-file", str(port_file)]
    processes.start(name, command, {})
    processes.wait_for(name, port_file.exists, _START_WAIT_S)
    return port_file.read_text().strip().rstrip("/")


def _check_ports(settings: Settings) -> None:
    wanted = {"AWS_PORT": settings.aws_port, "WEB_PORT": settings.web_port}
    if settings.partners_url is None:
        wanted["PARTNERS_PORT"] = settings.partners_port
    for name, port in wanted.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                raise SettingError(
                    f"port {port} is taken: set {name} to another (0 picks a free one), "
                    "or end the other stack with `make down`"
                ) from None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return True
    except OSError:
        return False


def _say(line: str) -> None:
    print(line, flush=True)


def _end(_number: int, _frame: object) -> None:
    raise _Asked


if __name__ == "__main__":
    sys.exit(main())
