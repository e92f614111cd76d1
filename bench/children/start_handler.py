"""A cold start: import one handler's module, which makes its clients."""

import importlib
import json
import sys

_order = json.loads(sys.argv[1])
sys.path[:0] = _order["paths"]
importlib.import_module(_order["module"])
