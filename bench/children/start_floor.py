"""The floor of a cold start: import boto3 and make the same clients."""

import importlib
import json
import sys

_order = json.loads(sys.argv[1])
sys.path[:0] = _order["paths"]
_boto3 = importlib.import_module("boto3")
for _service in _order["services"]:
    _boto3.client(_service)
