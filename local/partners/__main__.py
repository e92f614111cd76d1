"""The command line of the partners: ``python -m local.partners --help``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from local.partners.server import run
from local.partners.settings import Settings
from local.partners.store import StateInUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

PORT_LIMIT = 65_535


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= PORT_LIMIT:
        raise ValueError
    return port


def _latency(text: str) -> float:
    latency_ms = float(text)
    if not 0 <= latency_ms <= 600_000:  # noqa: PLR2004 - ten minutes, as for any wait
        raise ValueError
    return latency_ms


def parse(arguments: Sequence[str] | None = None) -> Settings:
    """Read the command line; ends the process with a message if it makes no sense."""
    usual = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m local.partners",
        description="Issuers, bank, autopay switch and identity provider, simulated here.",
    )
    parser.add_argument("--host", default=usual.host)
    parser.add_argument("--port", type=_port, default=usual.port, help="0 takes a free one")
    parser.add_argument("--state-dir", type=Path, default=usual.state_dir)
    parser.add_argument("--base-url", help="the URL this is reached at (default: host and port)")
    parser.add_argument("--port-file", type=Path, help="write the base URL there once listening")
    parser.add_argument(
        "--issuers", type=Path, default=usual.issuers_file, dest="issuers_file", metavar="FILE"
    )
    parser.add_argument("--issuer-latency-ms", type=_latency, default=usual.issuer_latency_ms)
    parser.add_argument("--bank-latency-ms", type=_latency, default=usual.bank_latency_ms)
    parser.add_argument(
        "--autopay", type=Path, default=usual.autopay_file, dest="autopay_file", metavar="FILE"
    )
    parser.add_argument("--autopay-latency-ms", type=_latency, default=usual.autopay_latency_ms)
    return Settings(**vars(parser.parse_args(arguments)))


def announce(settings: Settings, base_url: str) -> None:
    """Say, to people and to programs, that requests are taken."""
    if settings.port_file is not None:
        settings.port_file.parent.mkdir(parents=True, exist_ok=True)
        # Renamed into place, so that whoever waits for it never reads half of it.
        draft = settings.port_file.with_name(settings.port_file.name + ".part")
        draft.write_text(base_url + "\n")
        draft.replace(settings.port_file)
    print(f"partners ready {base_url}", flush=True)


def main() -> int:
    """Run until stopped; 0 for an orderly stop, 1 if it could not start."""
    logging.basicConfig(level=logging.WARNING, format="partners: %(levelname)s %(message)s")
    settings = parse()
    try:
        asyncio.run(run(settings, lambda base_url: announce(settings, base_url)))
    except (OSError, StateInUseError, ValueError) as error:
        print(f"partners: cannot start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
