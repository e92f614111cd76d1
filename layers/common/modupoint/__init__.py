"""What more than one context of Modupoint needs, and nothing else.

Shipped to Lambda as a layer. No module here knows a context (query, transfer,
autopay); the import direction is enforced in ``pyproject.toml``.
"""

import gc as _gc

# A start allocates some hundred thousand objects that stay: with the interpreter's usual
# 2,000 the collector walks them again and again and finds nothing (docs/adr/0020).
_gc.set_threshold(100_000)
