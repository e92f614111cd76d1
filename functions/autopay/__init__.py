"""Autopay: which bills are charged to which card, and moving or ending them."""
