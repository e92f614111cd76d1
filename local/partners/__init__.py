"""The partners Modupoint talks to, simulated in one process of their own.

The wire formats are those of the partner contracts, so that a real partner, or
a simulator written by someone else, takes the place of this one by changing a
base URL. Nothing in here is imported by the product, and nothing in here
imports it: the two meet only over HTTP, and share only the issuer table.

Start it with ``python -m local.partners``; ``README.md`` in this folder shows
how to make a partner slow, broken or late.
"""
