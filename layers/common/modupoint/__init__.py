"""What more than one context of Modupoint needs, and nothing else.

Shipped to Lambda as a layer. No module here knows a context (query, transfer,
autopay); the import direction is enforced in ``pyproject.toml``.
"""
