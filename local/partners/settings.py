"""What the process is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Settings:
    """The command line, understood.

    Parameters
    ----------
    host, port
        Where to listen; port 0 takes a free one.
    state_dir
        Where state is kept.
    base_url
        The URL this process is reached at, which tokens name as their issuer;
        by default made of host and port.
    port_file
        Where to write the base URL once listening.
    issuers_file
        The issuer table.
    issuer_latency_ms
        How long an issuer takes to answer when all is well.
    bank_latency_ms
        How long the bank does.
    autopay_file
        The autopay switch's terms.
    autopay_latency_ms
        How long the switch takes to answer.
    """

    host: str = "127.0.0.1"
    port: int = 4570
    state_dir: Path = Path(".local/state")
    base_url: str | None = None
    port_file: Path | None = None
    issuers_file: Path = REPOSITORY / "layers/common/modupoint/issuers.json"
    issuer_latency_ms: float = 300
    bank_latency_ms: float = 100
    autopay_file: Path = REPOSITORY / "local/partners/autopay/terms.json"
    autopay_latency_ms: float = 100
