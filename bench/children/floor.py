"""The floor of an invocation: the same calls with bare botocore, urllib3 and json.

What is called, with which parameters, and what is answered was taken down from
the real handler, so the floor decides, checks, seals, signs and logs nothing: no
handler that makes these calls can do with less. It reads each JSON body it is
given, and writes the answer's. What the handler did side by side in its threads
is done side by side here.
"""

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import botocore.session
import urllib3

_THREADS = 10


def _bytes_back(value: dict[str, Any]) -> Any:  # noqa: ANN401
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value


_script = json.loads(Path(os.environ["FLOOR_SCRIPT"]).read_text(), object_hook=_bytes_back)
_session = botocore.session.get_session()
_clients: dict[str, Any] = {
    service: _session.create_client(service)
    for service in sorted({call["service"] for call in _script["calls"]} - {"partner"})
}
_partners = urllib3.PoolManager(maxsize=_THREADS, retries=False)
_pool = ThreadPoolExecutor(_THREADS)


def _make(call: dict[str, Any]) -> None:
    if call["service"] == "partner":
        json.loads(_partners.urlopen(**call["request"]).data)
    else:
        call["client_method"](**call["request"])


def _make_all(calls: list[dict[str, Any]]) -> None:
    for call in calls:
        _make(call)


def _method(call: dict[str, Any]) -> Any:  # noqa: ANN401
    if call["service"] == "partner":
        return None
    client = _clients[call["service"]]
    named = {action: method for method, action in client.meta.method_to_api_mapping.items()}
    return getattr(client, named[call["action"]])


def _turns(calls: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Divide what threads did into turns: each begins by asking the partner."""
    turns: list[list[dict[str, Any]]] = []
    for call in sorted(calls, key=lambda one: one["turn"]):
        if not turns or turns[-1][0]["turn"] != call["turn"]:
            turns.append([])
        turns[-1].append(call)
    return turns


for _call in _script["calls"]:
    _call["client_method"] = _method(_call)
_in_line = [call for call in _script["calls"] if call["turn"] is None]
_side_by_side = _turns([call for call in _script["calls"] if call["turn"] is not None])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Make the calls that were taken down and answer what was answered."""
    if event.get("body"):
        json.loads(event["body"])
    for record in event.get("Records", ()):
        json.loads(record["body"])
    _make_all(_in_line)
    for _ in _pool.map(_make_all, _side_by_side) if _side_by_side else ():
        pass
    answer: dict[str, Any] = _script["answer"]
    if _script["body"] is not None:
        return {**answer, "body": json.dumps(_script["body"], ensure_ascii=False)}
    return answer
