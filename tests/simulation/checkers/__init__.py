"""What must be true whatever happened: read from the partners' books and the public answers.

Nothing here knows a state, a version or a table of ours, except ``ledger``, which says so.
"""
