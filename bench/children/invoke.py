"""Invokes a handler as often as each line of input says; answers the CPU seconds it took.

All threads of this process count, AWS and partners do not: they are the stub, a
process of its own.
"""

import importlib
import json
import os
import sys
import time

_order = json.loads(sys.argv[1])
sys.path[:0] = _order["paths"]
_answer_to = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the handler's log goes nowhere

# One processor, as a function of this size has at most, and the stub on another:
# threads that move about cost now this and now twice as much.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

_handler = importlib.import_module(_order["module"]).handler
for _module, _values in _order["settings"].items():
    vars(importlib.import_module(_module)).update(_values)
_event = _order["event"]

for _line in sys.stdin:
    _started = time.process_time()
    for _ in range(int(_line)):
        _handler(_event, None)
    _answer_to.write(f"{time.process_time() - _started}\n")
    _answer_to.flush()
os._exit(0)
