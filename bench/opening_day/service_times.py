"""How long the real handlers take, from what ``make bench`` measured.

CPU comes from the last run's ``build/bench.json``, and from ``measured.json`` (one run
of it, kept) where there was none. A function below one CPU's memory gets its share of a
CPU, so its CPU time is stretched; its start is not, since Lambda starts at full speed.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.opening_day.quotas import MEMORY_OF_ONE_CPU_MB
from bench.opening_day.structure import Structure
from bench.template import ROOT

_LAST_RUN = ROOT / "build" / "bench.json"
_KEPT_RUN = Path(__file__).with_name("measured.json")

TABLE_WRITE_S = 0.006
TABLE_READ_S = 0.004
PUBLISH_S = 0.015
DISPATCH_S = 0.02
"""From SNS over a queue to a worker (background knowledge, like the three above)."""
NETWORK_S = 0.03
"""Between a phone and the API, both ways."""


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """Seconds. ``worker_cpu_s[n]`` is a batch of ``n``, without what it waits for.

    The last four are AWS's and the network's, unless the day is lived elsewhere.
    """

    post_s: float
    read_s: float
    worker_start_s: float
    api_start_s: float
    worker_cpu_s: tuple[float, ...]
    source: str
    table_write_s: float = TABLE_WRITE_S
    publish_s: float = PUBLISH_S
    dispatch_s: float = DISPATCH_S
    network_s: float = NETWORK_S


def service_times(structure: Structure, report: Path | None = None) -> ServiceTimes:
    """Return how long each operation takes in its function's memory."""
    source = report or (_LAST_RUN if _LAST_RUN.exists() else _KEPT_RUN)
    run = json.loads(source.read_text(encoding="utf-8"))
    handlers = run["handlers"]
    api_share = min(structure.api_memory_mb / MEMORY_OF_ONE_CPU_MB, 1)
    worker_share = min(structure.worker_memory_mb / MEMORY_OF_ONE_CPU_MB, 1)

    def cpu_s(handler: str, case: str = "") -> float:
        return float(handlers[handler]["cases"][case]["ms"]) / 1000

    one = cpu_s("AskIssuer", "1 message") / worker_share
    most = structure.batch_size
    full = cpu_s("AskIssuer", f"{most} messages") / worker_share
    batches = [one + (full - one) * (n - 1) / (most - 1) for n in range(1, most + 1)]
    return ServiceTimes(
        post_s=cpu_s("RequestLookup") / api_share + TABLE_WRITE_S + PUBLISH_S,
        read_s=cpu_s("ReadLookup") / api_share + TABLE_READ_S,
        worker_start_s=handlers["AskIssuer"]["init_ms"] / 1000,
        api_start_s=handlers["RequestLookup"]["init_ms"] / 1000,
        worker_cpu_s=(0.0, *batches),
        source=f"{source.name}, {run['commit']}, {run['rounds']} rounds",
    )
