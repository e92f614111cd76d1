"""Tells what a handler does: its clients, its compiler, its calls.

Nothing is timed here, so hooks may be slow. Answers one JSON object:
``clients`` made by the import, ``compiled`` (files whose bytecode was not used),
``cold`` and ``warm`` (calls of the first and the second invocation),
``logged_bytes`` of the second, and ``answer``. A call is ``{"service", "action",
"request", "turn"}``; ``turn`` is None for a call in line, else calls of one turn
were made one after the other in one of the handler's threads. A turn begins with a
call to a partner. A query, and a write that gives its item back, have their
``items`` too.
"""

import base64
import copy
import importlib
import itertools
import json
import os
import sys
import tempfile
import threading
from importlib.machinery import SourceFileLoader
from typing import Any

_order = json.loads(sys.argv[1])
sys.path[:0] = _order["paths"]
_answer_to = os.fdopen(os.dup(1), "w")
_log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
os.dup2(_log.fileno(), 1)

_compiled: list[str] = []
_clients: list[str] = []
_calls: list[dict[str, Any]] = []
_turns = itertools.count()
_here = threading.local()
_compile = SourceFileLoader.source_to_code


def _noted_compile(loader: SourceFileLoader, data: Any, path: Any, **options: Any) -> Any:  # noqa: ANN401
    _compiled.append(str(path))
    return _compile(loader, data, path, **options)


SourceFileLoader.source_to_code = _noted_compile  # type: ignore[method-assign,assignment]

_session = importlib.import_module("botocore.session").Session
_create_client = _session.create_client


def _noted_client(session: Any, service_name: str, *rest: Any, **options: Any) -> Any:  # noqa: ANN401
    _clients.append(service_name)
    return _create_client(session, service_name, *rest, **options)


_session.create_client = _noted_client


def _note(service: str, action: str, request: dict[str, Any]) -> None:
    call = {"service": service, "action": action, "request": copy.deepcopy(request)}
    _here.call = {**call, "turn": _turn(service)}
    _calls.append(_here.call)


def _turn(service: str) -> int | None:
    if threading.current_thread() is threading.main_thread():
        return None
    if service == "partner" or not hasattr(_here, "turn"):
        _here.turn = next(_turns)
    turn: int = _here.turn
    return turn


def _noted_call(params: dict[str, Any], model: Any, **_: Any) -> None:  # noqa: ANN401
    _note(model.service_model.service_name, model.name, params)


def _noted_items(parsed: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
    given_back = [parsed["Attributes"]] if "Attributes" in parsed else []
    _here.call["items"] = copy.deepcopy(parsed.get("Items", given_back))


_hooks = importlib.import_module("botocore.handlers").BUILTIN_HANDLERS
# Before anything else of botocore looks at the parameters.
_hooks.insert(0, ("before-parameter-build.*.*", _noted_call))
_hooks += [(f"after-call.dynamodb.{action}", _noted_items) for action in ("Query", "UpdateItem")]

_pool = importlib.import_module("urllib3").PoolManager
_urlopen = _pool.urlopen


def _noted_urlopen(pool: Any, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401
    # botocore asks the pools of single hosts; only partners come by here.
    sent = {"url": url, "headers": dict(options["headers"]), "body": options["body"]}
    _note("partner", method, {"method": method, **sent})
    return _urlopen(pool, method, url, **options)


_pool.urlopen = _noted_urlopen


def _logged_bytes() -> int:
    sys.stdout.flush()
    return os.lseek(1, 0, os.SEEK_CUR)


def _invoked(handler: Any) -> tuple[list[dict[str, Any]], Any]:  # noqa: ANN401
    _calls.clear()
    answer = handler(_order["event"], None)
    return list(_calls), answer


_handler = importlib.import_module(_order["module"]).handler
_made = list(_clients)
for _module, _values in _order["settings"].items():
    vars(importlib.import_module(_module)).update(_values)
_cold, _ = _invoked(_handler)
_logged_before = _logged_bytes()
_warm, _answer = _invoked(_handler)
json.dump(
    {
        "clients": _made,
        "compiled": _compiled,
        "cold": _cold,
        "warm": _warm,
        "logged_bytes": _logged_bytes() - _logged_before,
        "answer": _answer,
    },
    _answer_to,
    default=lambda value: {"base64": base64.b64encode(value).decode()},
)
_answer_to.flush()
os._exit(0)  # pools of waiting threads need no farewell
